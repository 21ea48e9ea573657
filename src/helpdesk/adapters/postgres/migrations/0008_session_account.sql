-- Several numbers, each with its bridge's own name for it, which may come and go.

ALTER TABLE session
    ADD COLUMN account text    NOT NULL DEFAULT '',
    ADD COLUMN retired boolean NOT NULL DEFAULT false;  -- removed; what was said by it stays

-- A number is one session's, whoever adds it at the same moment.
CREATE UNIQUE INDEX session_account ON session (bridge, account)
    WHERE account <> '' AND NOT retired;
