-- Which messages quote one that nobody told us of yet; see ports/early.py.
CREATE TABLE parked_quote (
    session_id  uuid        NOT NULL,
    provider_id text        NOT NULL,
    message_id  uuid        NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, provider_id, message_id)
);
