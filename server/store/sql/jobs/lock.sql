-- Advisory lock that serializes claims, so that the limits on running jobs apply across all
-- servers. A worker that stalls while it holds the lock loses it after five seconds.
select set_config('idle_in_transaction_session_timeout', '5000', true), pg_advisory_xact_lock(5041733003)
