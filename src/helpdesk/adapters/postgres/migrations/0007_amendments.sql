-- What happens to messages after they were sent, and to sessions besides a QR code.

ALTER TABLE message
    ADD COLUMN reactions  jsonb,        -- at most one of each side; those taken back stay, empty
    ADD COLUMN edited_at  timestamptz,
    ADD COLUMN revoked_at timestamptz;  -- its text is empty then, and in message_revision

-- What messages said before they were edited or revoked.
CREATE TABLE message_revision (
    ordinal    bigint      GENERATED ALWAYS AS IDENTITY,
    message_id uuid        NOT NULL REFERENCES message,
    at         timestamptz NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('edited', 'revoked')),
    actor_id   uuid        REFERENCES attendant,  -- null: the client, or another device of ours
    text       text        NOT NULL,              -- as it was before
    PRIMARY KEY (message_id, ordinal)
);

ALTER TABLE session
    ADD COLUMN pair_code            text,
    ADD COLUMN pair_code_expires_at timestamptz,
    ADD COLUMN until                timestamptz,  -- the end of a ban
    ADD CHECK ((pair_code IS NULL) = (pair_code_expires_at IS NULL));

-- The simulated phones: reactions of either side, edits and revocations.
ALTER TABLE simulator_message
    ADD COLUMN reaction_out text    NOT NULL DEFAULT '',  -- the phone's
    ADD COLUMN reaction_in  text    NOT NULL DEFAULT '',  -- the helpdesk's
    ADD COLUMN edited       boolean NOT NULL DEFAULT false,
    ADD COLUMN revoked      boolean NOT NULL DEFAULT false;

-- What a person with a phone did to a message, and of which the bridge has to be told.
CREATE TABLE simulator_amendment (
    position    bigint      PRIMARY KEY,
    phone       text        NOT NULL REFERENCES simulator_phone,
    message_id  text        NOT NULL REFERENCES simulator_message,
    verb        text        NOT NULL CHECK (verb IN ('react', 'edit', 'revoke')),
    text        text        NOT NULL,  -- the emoji, or the new text
    at          timestamptz NOT NULL,
    correlation text        NOT NULL
);
