-- The journeys of messages: which process did what with them, and when.

-- Written with what happened, carried along, and kept below when it is told.
ALTER TABLE outbox ADD COLUMN trail text NOT NULL DEFAULT '';

CREATE TABLE message_step (
    message_id     uuid        NOT NULL,
    attempt        int         NOT NULL,
    name           text        NOT NULL,
    at             timestamptz NOT NULL,
    process        text        NOT NULL,
    correlation    text        NOT NULL,
    failure_code   text,
    failure_detail text,
    -- Told twice, kept once; also: the journey of a message.
    PRIMARY KEY (message_id, attempt, name)
);

-- Forgetting old steps.
CREATE INDEX message_step_oldest ON message_step USING brin (at);
