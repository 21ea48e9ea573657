-- What was done to messages that nobody told us of yet; see ports/early.py.
CREATE TABLE parked_amendment (
    session_id  uuid        NOT NULL,
    provider_id text        NOT NULL,
    ordinal     bigint      GENERATED ALWAYS AS IDENTITY,
    type        text        NOT NULL,  -- as on the wire
    body        bytea       NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, provider_id, ordinal)
);
