-- The simulated network of WhatsApp: what phones show, and what they still have to tell the bridge.
-- Only `whatsapp.simulator` reads and writes here; with another bridge the tables stay empty.

CREATE TABLE simulator_network (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    linked         boolean NOT NULL DEFAULT true,
    network        boolean NOT NULL DEFAULT true,
    latency_ms     int     NOT NULL DEFAULT 0 CHECK (latency_ms >= 0),
    fail_next      int     NOT NULL DEFAULT 0 CHECK (fail_next >= 0),
    duplicate_next int     NOT NULL DEFAULT 0 CHECK (duplicate_next >= 0),
    reorder_next   int     NOT NULL DEFAULT 0 CHECK (reorder_next >= 0),
    reason         text    NOT NULL DEFAULT '',
    session_id     uuid,
    qr_text        text,
    qr_attempt     int,
    qr_expires_at  timestamptz,
    CHECK (num_nulls(qr_text, qr_attempt, qr_expires_at) IN (0, 3)),
    CHECK (NOT (linked AND qr_text IS NOT NULL))
);

INSERT INTO simulator_network DEFAULT VALUES;

CREATE TABLE simulator_phone (
    phone        text    PRIMARY KEY,               -- what both spellings of a number share
    number       text    NOT NULL,                  -- as last spelled
    name         text    NOT NULL DEFAULT '',
    online       boolean NOT NULL DEFAULT true,
    missing      boolean NOT NULL DEFAULT false,
    seq          bigint  NOT NULL DEFAULT 0,        -- of the last change of what it shows
    last_number  bigint  NOT NULL DEFAULT 0,        -- of the last message that it shows
    last_id      text,                              -- which is this
    held_id      text,                              -- a message that the next one shall overtake
    typing_until timestamptz                        -- the helpdesk types
) WITH (fillfactor = 60);  -- each message updates its phone; none of it is in an index

-- Positions of news.  Given while the phone's row is held, so in order for each phone.
CREATE SEQUENCE simulator_news;

CREATE TABLE simulator_message (
    id          text        PRIMARY KEY,
    phone       text        NOT NULL REFERENCES simulator_phone,
    number      bigint      NOT NULL,
    seq         bigint      NOT NULL,
    direction   text        NOT NULL CHECK (direction IN ('out', 'in')),
    kind        text        NOT NULL,
    text        text        NOT NULL,
    quote       text,
    delivery    text        NOT NULL CHECK (delivery IN ('pending', 'sent', 'delivered', 'read')),
    at          timestamptz NOT NULL,
    correlation text        NOT NULL,
    position    bigint,                             -- the bridge has to be told, at this place
    copies      smallint    NOT NULL DEFAULT 1,
    held_until  timestamptz
);

-- A phone asks for what changed.
CREATE INDEX simulator_message_changed ON simulator_message (phone, seq);

-- The bridge asks for news, and acknowledges them.
CREATE INDEX simulator_message_news ON simulator_message (position) WHERE position IS NOT NULL;

-- Reading, on either side, and coming online.
CREATE INDEX simulator_message_unread ON simulator_message (phone) WHERE delivery <> 'read';

-- People with phones who began to type, or stopped, and of whom the bridge has to be told.
CREATE TABLE simulator_typing (
    phone    text        PRIMARY KEY REFERENCES simulator_phone,
    typing   boolean     NOT NULL,
    at       timestamptz NOT NULL,
    position bigint      NOT NULL
);
