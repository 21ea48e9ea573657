-- Files of messages: what is still to be done with them, and which bytes must stay.

CREATE TABLE media_task (
    chore      text        NOT NULL CHECK (chore IN ('fetch', 'convert')),
    message_id uuid        NOT NULL REFERENCES message,
    session_id uuid        NOT NULL,
    due_at     timestamptz NOT NULL,
    taken      boolean     NOT NULL DEFAULT false,  -- then it is due when whoever took it is gone
    times      int         NOT NULL DEFAULT 0,      -- taken since it was scheduled
    PRIMARY KEY (chore, message_id)
);

-- What is due, of all sessions and of one; how much of one is taken.
CREATE INDEX media_task_due ON media_task (chore, due_at);
CREATE INDEX media_task_of ON media_task (chore, session_id, due_at);

-- Which objects of the media store a message needs.
CREATE TABLE media_use (
    message_id uuid NOT NULL REFERENCES message,
    sha256     text NOT NULL,
    PRIMARY KEY (message_id, sha256)
);

-- Whether anybody needs an object.
CREATE INDEX media_use_of ON media_use (sha256);
CREATE INDEX simulator_message_file ON simulator_message ((details #>> '{media,blob,sha256}'))
    WHERE details #>> '{media,blob,sha256}' IS NOT NULL;

-- Files that were kept long enough, oldest first.
CREATE INDEX message_file_age ON message (kind, at)
    WHERE details #>> '{media,state}' IN ('ready', 'pending', 'failed');

-- What signs links; made by the first process that needs it.
CREATE TABLE secret (
    name  text  PRIMARY KEY,
    value bytea NOT NULL
);

ALTER TABLE simulator_network
    ADD COLUMN fail_media int NOT NULL DEFAULT 0 CHECK (fail_media >= 0),
    ADD COLUMN media_gone boolean NOT NULL DEFAULT false;
