-- A transaction of its own that waits for no disk and no standby.
select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)
