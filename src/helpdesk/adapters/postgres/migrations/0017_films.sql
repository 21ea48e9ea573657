-- A film that WhatsApp does not play is encoded again, which takes longer than everything else.
ALTER TABLE media_task DROP CONSTRAINT media_task_chore_check;
ALTER TABLE media_task ADD CONSTRAINT media_task_chore_check
    CHECK (chore IN ('fetch', 'convert', 'film'));
