-- Uploads of one tenant are merged one after the other: a run may move between units,
-- and two that number the same units would each miss what the other adds.
select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))
