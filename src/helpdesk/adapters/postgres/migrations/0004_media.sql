-- Files, places and contact cards of messages.

ALTER TABLE message ADD COLUMN details jsonb;  -- what is neither kind nor text; see wire/content.py
ALTER TABLE message ADD COLUMN media_id uuid;  -- of the file in `details`

-- Which message a file belongs to, and so who may see it.
CREATE UNIQUE INDEX message_media ON message (media_id) WHERE media_id IS NOT NULL;

ALTER TABLE simulator_message ADD COLUMN details jsonb;
