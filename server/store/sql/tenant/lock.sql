-- Advisory lock that serializes the uploads of a tenant: a run may move between units, and two
-- uploads that number the same units concurrently would each miss the other's runs.
select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))
