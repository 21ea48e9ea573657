-- Who turned out to be one with whom.

CREATE TABLE client_merge (
    merged_id uuid        PRIMARY KEY REFERENCES client,
    client_id uuid        NOT NULL REFERENCES client,  -- in whom they lived on then
    at        timestamptz NOT NULL,
    actor_id  uuid        REFERENCES attendant  -- NULL: the system saw it
);

-- A client's own.
CREATE INDEX client_merge_of ON client_merge (client_id);
