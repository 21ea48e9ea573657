-- Messages that could not be handled, and the way back for them.

CREATE TABLE dead_letter (
    id          uuid        PRIMARY KEY,
    queue       text        NOT NULL,
    key         text        NOT NULL,
    message_id  text        NOT NULL,
    type        text        NOT NULL,
    correlation text        NOT NULL,
    trail       text        NOT NULL,
    body        bytea       NOT NULL,
    reason      text        NOT NULL,
    error       text        NOT NULL,
    detail      text        NOT NULL,
    attempts    int         NOT NULL CHECK (attempts >= 0),
    deaths      int         NOT NULL CHECK (deaths > 0),
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    replayed_at timestamptz
);

-- The list, what died last first; those that wait, and those that were replayed.
CREATE INDEX dead_letter_newest ON dead_letter ((replayed_at IS NOT NULL), last_at, id);

-- What is replayed goes to the queue from which it came, in order with its key; else both are empty.
ALTER TABLE outbox
    ADD COLUMN queue text NOT NULL DEFAULT '',
    ADD COLUMN key   text NOT NULL DEFAULT '';
