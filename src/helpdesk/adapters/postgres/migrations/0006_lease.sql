-- Who is the only one to do something at the moment: hold a WhatsApp session, relay the outbox.

CREATE TABLE lease (
    name       text        PRIMARY KEY,
    owner      text        NOT NULL,  -- a process
    token      bigint      NOT NULL,  -- grows with each holder; never used again
    since      timestamptz NOT NULL,
    expires_at timestamptz NOT NULL   -- by this server's clock, which all holders share
) WITH (fillfactor = 10);  -- renewed every few seconds, and nothing of it is in an index
