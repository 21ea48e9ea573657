-- Dashboards that listen elsewhere: how far they were told, and what their tokens say.

CREATE TABLE live_cursor (
    one    boolean PRIMARY KEY CHECK (one),
    cursor bigint  NOT NULL
);

CREATE TABLE live_grant (
    attendant_id uuid        PRIMARY KEY REFERENCES attendant,
    role         text        NOT NULL,
    sectors      text[]      NOT NULL,
    at           timestamptz NOT NULL
);
