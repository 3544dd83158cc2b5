-- Expires leases that workers did not renew: queues the jobs again, unless it was the last
-- attempt or a user canceled them.
update job
set state = case when cancel_requested_at is not null then 'canceled'
                 when attempt >= max_attempts then 'failed' else 'queued' end,
    finished_at = case when cancel_requested_at is not null or attempt >= max_attempts then clock_timestamp() end,
    last_error = 'The worker stopped, or lost its connection to the database.',
    lease_until = null, worker = null
where id in (select id from job where state = 'running' and lease_until <= statement_timestamp()
             order by lease_until limit 100 for update skip locked)
returning kind, state
