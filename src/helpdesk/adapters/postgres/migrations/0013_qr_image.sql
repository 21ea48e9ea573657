-- A code is shown by its picture in the media store; the code itself stays with the bot.
ALTER TABLE session
    ADD COLUMN qr_sha256 text,
    ADD COLUMN qr_size bigint,
    ADD COLUMN qr_put_at timestamptz;
