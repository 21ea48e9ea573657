-- When the client last wrote to the number: the 24 hours of official numbers count from there.
ALTER TABLE attendance ADD COLUMN heard_at timestamptz;

UPDATE attendance a SET heard_at = (
    SELECT at FROM message
    WHERE attendance_id = a.id AND direction = 'inbound'
    ORDER BY position DESC LIMIT 1
)
WHERE status <> 'closed' OR last_message_at > now() - interval '2 days';
