-- The helpdesk's core: people, conversations, and the tables that make delivery exactly-once in
-- effect: `inbox` (what others already told us) and `outbox` (what we still have to tell others).
-- Invariants of the domain are constraints here as well; every index says which query it is for.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

-- What searches compare: accents and case aside.  unaccent() is only STABLE because somebody might
-- edit its dictionary; naming the dictionary and promising not to makes it fit for an index.
CREATE FUNCTION public.fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent', normalize($1, NFKC)));

-- The LIKE pattern of texts that contain $1, whatever characters it has.
CREATE FUNCTION public.containing(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN '%' || regexp_replace(public.fold($1), '([\\%_])', '\\\1', 'g') || '%';

------------------------------------------------------------------------------------------- people

CREATE TABLE sector (
    id                uuid     PRIMARY KEY,
    ordinal           bigint   GENERATED ALWAYS AS IDENTITY,
    name              text     NOT NULL,
    policy            text     NOT NULL CHECK (policy IN ('manual', 'least_busy')),
    is_default        boolean  NOT NULL,
    close_after       interval,
    check_every       interval,
    when_client_waits text     NOT NULL CHECK (when_client_waits IN ('close', 'warn')),
    ask_feedback      boolean  NOT NULL
);

-- New attendances go to one sector, never to one of two.
CREATE UNIQUE INDEX sector_one_default ON sector (is_default) WHERE is_default;

CREATE TABLE attendant (
    id            uuid    PRIMARY KEY,
    ordinal       bigint  GENERATED ALWAYS AS IDENTITY,  -- the order in which they joined
    name          text    NOT NULL,
    email         text    NOT NULL CONSTRAINT attendant_email UNIQUE,
    role          text    NOT NULL CHECK (role IN ('admin', 'manager', 'attendant')),
    capacity      int     NOT NULL CHECK (capacity >= 0),
    active        boolean NOT NULL,
    away          boolean NOT NULL,
    password_hash text
);

CREATE TABLE attendant_sector (
    attendant_id uuid NOT NULL REFERENCES attendant,
    sector_id    uuid NOT NULL REFERENCES sector,
    PRIMARY KEY (attendant_id, sector_id)
);

-- Who may be routed to; a sector's members.
CREATE INDEX attendant_sector_members ON attendant_sector (sector_id);

-- Dashboards that are connected, as seen by all api processes.
CREATE TABLE presence (
    attendant_id uuid        NOT NULL REFERENCES attendant,
    connection   text        NOT NULL,
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (attendant_id, connection)
);

CREATE TABLE sign_in (
    token_hash   bytea       PRIMARY KEY,  -- SHA-256; the token itself is nowhere
    attendant_id uuid        NOT NULL REFERENCES attendant,
    expires_at   timestamptz NOT NULL
);

-- A new password ends them all.
CREATE INDEX sign_in_of ON sign_in (attendant_id);

CREATE TABLE client (
    id          uuid        PRIMARY KEY,
    name        text        NOT NULL,
    notes       text        NOT NULL,
    tags        text[]      NOT NULL,
    identities  text[]      NOT NULL,  -- scheme:value, as bridges gave them, the first one first
    created_at  timestamptz NOT NULL,
    merged_into uuid        REFERENCES client,
    haystack    text        NOT NULL  -- name, tags and addresses, one a line: what `q` looks in
);

-- Lists of clients, by name.
CREATE INDEX client_by_name ON client (fold(name) COLLATE "C", id) WHERE merged_into IS NULL;
-- Searches for part of a name, a tag or an address.
CREATE INDEX client_search ON client USING gin (fold(haystack) gin_trgm_ops)
    WHERE merged_into IS NULL;

-- A phone number is not an identity: one person is known by many addresses, an address by one.
-- The client's row has them as well, so that whoever locks it sees them as they are then.
CREATE TABLE client_identity (
    scheme    text NOT NULL CHECK (scheme IN ('phone', 'lid', 'bsuid', 'username')),
    key       text NOT NULL,  -- what two spellings of the address share
    client_id uuid NOT NULL REFERENCES client,
    CONSTRAINT client_identity_key PRIMARY KEY (scheme, key)
);

-- A WhatsApp number of ours.
CREATE TABLE session (
    id            uuid        PRIMARY KEY,
    ordinal       bigint      GENERATED ALWAYS AS IDENTITY,
    name          text        NOT NULL,
    bridge        text        NOT NULL,
    state         text        NOT NULL,
    reason        text        NOT NULL,
    since         timestamptz NOT NULL,
    phone         text,
    last_seen_at  timestamptz,
    qr_text       text,
    qr_attempt    int,
    qr_expires_at timestamptz,
    CHECK ((qr_text IS NULL) = (qr_attempt IS NULL) AND (qr_text IS NULL) = (qr_expires_at IS NULL))
);

------------------------------------------------------------------------------------ conversations

CREATE TABLE attendance (
    id                uuid        PRIMARY KEY,
    client_id         uuid        NOT NULL REFERENCES client,
    session_id        uuid        NOT NULL REFERENCES session,
    sector_id         uuid        NOT NULL REFERENCES sector,
    attendant_id      uuid        REFERENCES attendant,
    address_scheme    text        NOT NULL,
    address           text        NOT NULL,
    status            text        NOT NULL CHECK (status IN ('waiting', 'active', 'closed')),
    opened_by         text        NOT NULL CHECK (opened_by IN ('client', 'attendant')),
    opened_at         timestamptz NOT NULL,
    last_message_at   timestamptz NOT NULL CHECK (last_message_at >= opened_at),
    last_message_from text        NOT NULL CHECK (last_message_from IN ('client', 'attendant')),
    last_position     int         NOT NULL CHECK (last_position >= 0),
    unread            int         NOT NULL CHECK (unread >= 0),
    waiting_since     timestamptz,
    neglected         boolean     NOT NULL,
    closed_at         timestamptz,
    closed_by         text        CHECK (closed_by IN ('attendant', 'silence', 'merge')),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((status = 'closed') = (closed_by IS NOT NULL)),
    CHECK (status <> 'active' OR attendant_id IS NOT NULL),
    CHECK (status <> 'waiting' OR attendant_id IS NULL)
) WITH (fillfactor = 85);

-- "A client has at most one open attendance per session", under any race.  Also: find it.
CREATE UNIQUE INDEX attendance_one_open ON attendance (client_id, session_id)
    WHERE status <> 'closed';
-- A client's earlier attendances; moving them to another client.
CREATE INDEX attendance_of_client ON attendance (client_id);
-- The list of what is open, newest message first; the quietest, for silence; the counts.
CREATE INDEX attendance_open ON attendance (last_message_at, id) WHERE status <> 'closed';
-- A sector's queue, longest waiting first.
CREATE INDEX attendance_queue ON attendance
    (sector_id, (coalesce(waiting_since, last_message_at)), id) WHERE status = 'waiting';
-- How much somebody answers now.
CREATE INDEX attendance_active ON attendance (attendant_id) WHERE status = 'active';
-- The list of what was closed: of everybody, of one attendant, of one sector.
CREATE INDEX attendance_closed ON attendance (last_message_at, id) WHERE status = 'closed';
CREATE INDEX attendance_closed_of ON attendance (attendant_id, last_message_at, id)
    WHERE status = 'closed';
CREATE INDEX attendance_closed_in ON attendance (sector_id, last_message_at, id)
    WHERE status = 'closed';

CREATE TABLE attendance_history (
    ordinal       bigint      GENERATED ALWAYS AS IDENTITY,
    attendance_id uuid        NOT NULL REFERENCES attendance,
    at            timestamptz NOT NULL,
    kind          text        NOT NULL CHECK (
        kind IN ('opened', 'assigned', 'transferred', 'released', 'closed', 'rated')
    ),
    actor_id      uuid        REFERENCES attendant,
    attendant_id  uuid        REFERENCES attendant,  -- who had it afterwards
    sector_id     uuid        NOT NULL REFERENCES sector,
    reason        text,
    PRIMARY KEY (attendance_id, ordinal)
);

-- When somebody was last given an attendance, for routing.
CREATE INDEX attendance_history_given ON attendance_history (attendant_id, at)
    WHERE kind IN ('opened', 'assigned', 'transferred') AND attendant_id IS NOT NULL;

CREATE TABLE message (
    id             uuid        PRIMARY KEY,
    attendance_id  uuid        NOT NULL REFERENCES attendance,
    client_id      uuid        NOT NULL,  -- the attendance's, like the session
    session_id     uuid        NOT NULL,
    position       int         NOT NULL CHECK (position > 0),
    direction      text        NOT NULL CHECK (direction IN ('inbound', 'reply', 'note')),
    kind           text        NOT NULL,
    text           text        NOT NULL,
    at             timestamptz NOT NULL,
    author_id      uuid        REFERENCES attendant,
    quote_id       uuid        REFERENCES message,
    provider_id    text,
    delivery       text        CHECK (
        delivery IN ('queued', 'unknown', 'sent', 'failed', 'delivered', 'read')
    ),
    failure_code   text,
    failure_detail text,
    attempt        int         NOT NULL,
    -- Pages of a conversation; no two messages in one place.
    CONSTRAINT message_position UNIQUE (attendance_id, position),
    -- What a bridge tells twice is stored once.
    CONSTRAINT message_provider_id UNIQUE (session_id, provider_id),
    CHECK ((direction = 'reply') = (delivery IS NOT NULL))
);

-- Search: part of a text over the whole history, newest first.
CREATE INDEX message_search ON message USING gin (fold(text) gin_trgm_ops);
CREATE INDEX message_newest ON message (at, id);
-- A client's messages, to move them when two clients are merged.
CREATE INDEX message_of_client ON message (client_id);

CREATE TABLE feedback (
    attendance_id uuid        PRIMARY KEY REFERENCES attendance,
    token_hash    bytea       NOT NULL CONSTRAINT feedback_token UNIQUE,  -- SHA-256
    expires_at    timestamptz NOT NULL,
    score         int         CHECK (score BETWEEN 1 AND 5),
    comment       text        NOT NULL,
    given_at      timestamptz,
    CHECK ((score IS NULL) = (given_at IS NULL))
);

----------------------------------------------------------------------------------------- delivery

-- Effects that happened, each by the key of what caused it.
CREATE TABLE inbox (
    delivery   text        PRIMARY KEY,
    claimed_at timestamptz NOT NULL DEFAULT now()
);

-- Forgetting old claims.
CREATE INDEX inbox_oldest ON inbox USING brin (claimed_at);

-- News of a message whose own report has not arrived yet.
CREATE TABLE parked_status (
    session_id     uuid        NOT NULL,
    provider_id    text        NOT NULL,
    delivery       text        NOT NULL,
    rank           int         NOT NULL,
    failure_code   text,
    failure_detail text,
    parked_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, provider_id)
);

-- Positions are taken before the commit: never follow this table by "position > last seen".
CREATE TABLE outbox (
    position    bigint      GENERATED ALWAYS AS IDENTITY,
    destination text        NOT NULL CHECK (destination IN ('feed', 'broker')),
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    body        bytea       NOT NULL,
    correlation text        NOT NULL,
    written_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (destination, position)
) WITH (
    -- Every row is deleted soon: vacuum by the number of rows, whatever the table's size.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_threshold = -1
);

-- One row, locked by whoever appends: hence cursors without gaps that could be filled later.
CREATE TABLE feed_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    cursor   bigint  NOT NULL,
    pruned   bigint  NOT NULL  -- the newest cursor whose item was forgotten
);
INSERT INTO feed_head (cursor, pruned) VALUES (0, 0);

CREATE TABLE feed_item (
    cursor      bigint      PRIMARY KEY,
    id          uuid        NOT NULL UNIQUE,  -- the event's: pushed twice, kept once
    type        text        NOT NULL,
    body        bytea       NOT NULL,
    correlation text        NOT NULL,
    audience    bytea       NOT NULL,
    pushed_at   timestamptz NOT NULL DEFAULT now()
);

-- Forgetting old items.
CREATE INDEX feed_item_oldest ON feed_item USING brin (pushed_at);

-- One winner for each run of each scheduled job.
CREATE TABLE tick (
    job        text        NOT NULL,
    due_at     timestamptz NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job, due_at)
);
