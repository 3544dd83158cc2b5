-- Serialises claims, so that the bounds on running jobs hold over all servers. A worker that
-- stops while it holds the lock loses it after five seconds.
select set_config('idle_in_transaction_session_timeout', '5000', true), pg_advisory_xact_lock(5041733003)
