-- A separate transaction with asynchronous commit, which waits for neither disk nor standby.
select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)
