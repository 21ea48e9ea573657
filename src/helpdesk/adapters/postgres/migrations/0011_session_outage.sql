-- When a number of ours was down, and which channel heard of it.

CREATE TABLE session_outage (
    session_id uuid        NOT NULL REFERENCES session (id),
    since      timestamptz NOT NULL,
    state      text        NOT NULL,
    reason     text        NOT NULL,
    ended_at   timestamptz,
    due_at     timestamptz,  -- when somebody has to look whom to tell; none: all is told
    attempts   int         NOT NULL CHECK (attempts >= 0),
    told       text[]      NOT NULL,  -- channel:news
    PRIMARY KEY (session_id, since)
);

CREATE INDEX session_outage_due ON session_outage (due_at) WHERE due_at IS NOT NULL;
