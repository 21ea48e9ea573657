-- Devices on which people are told that something came while their dashboard is closed.

CREATE TABLE device (
    id           uuid        PRIMARY KEY,
    attendant_id uuid        NOT NULL REFERENCES attendant,
    target       text        NOT NULL UNIQUE,  -- a secret: who knows it can write there
    key          text        NOT NULL,
    auth         text        NOT NULL,
    name         text        NOT NULL,
    locale       text        NOT NULL,
    at           timestamptz NOT NULL
);

CREATE INDEX device_attendant ON device (attendant_id);

CREATE TABLE push_choice (
    attendant_id uuid    PRIMARY KEY REFERENCES attendant,
    is_on        boolean NOT NULL,
    content      boolean NOT NULL
);

-- How far the feed was looked at.
CREATE TABLE push_cursor (
    one    boolean PRIMARY KEY CHECK (one),
    cursor bigint  NOT NULL
);

CREATE TABLE push_task (
    device_id     uuid        NOT NULL REFERENCES device ON DELETE CASCADE,
    attendance_id uuid        NOT NULL REFERENCES attendance,
    kind          text        NOT NULL,
    text          text        NOT NULL,
    at            timestamptz NOT NULL,
    attempts      int         NOT NULL,
    due_at        timestamptz NOT NULL,
    PRIMARY KEY (device_id, attendance_id)
);

CREATE INDEX push_task_due ON push_task (due_at);
