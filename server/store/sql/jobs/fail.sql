-- Records a failed attempt: queues the job again in $5 seconds if $3 allows a retry and attempts
-- are left. No row if the lease was lost.
update job
set state = case when cancel_requested_at is not null then 'canceled'
                 when $3 and attempt < max_attempts then 'queued' else 'failed' end,
    finished_at = case when cancel_requested_at is null and $3 and attempt < max_attempts
                       then null else clock_timestamp() end,
    run_at = clock_timestamp() + make_interval(secs => $5),
    last_error = left($4, 1000), lease_until = null, worker = null
where id = $1 and fence = $2 and state = 'running'
returning state
