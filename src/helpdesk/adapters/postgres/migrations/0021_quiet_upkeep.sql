-- Upkeep in small portions: while a young database grew it took much of a core for up to two
-- seconds, again and again, and whoever wrote meanwhile was shown late (ADR 30).

-- These are read by their keys alone, for which a sample of 3,000 rows says as much as one of 30,000.
DO $$
DECLARE it record;
BEGIN
    FOR it IN
        SELECT attrelid::regclass AS relation, attname FROM pg_attribute
        WHERE attnum > 0 AND NOT attisdropped AND attrelid = ANY (
            '{inbox,outbox,feed_item,message_step,simulator_message}'::regclass[]
        )
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I SET STATISTICS 10', it.relation, it.attname);
    END LOOP;
END $$;
ALTER INDEX simulator_message_file ALTER COLUMN 1 SET STATISTICS 10;

-- The sample for searching folds 30,000 texts, however few are new.
ALTER TABLE message SET (autovacuum_analyze_threshold = 20000);

-- Whose message fills the list of what is not in the index yet enters all of it, while others wait:
-- 12 ms for 256 kB, 30 to 55 for the usual 4 MB, on two cores without other work.
ALTER INDEX message_search SET (gin_pending_list_limit = 256);
