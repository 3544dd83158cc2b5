-- Releases a claim as if the attempt had not been started.
update job
set state = case when cancel_requested_at is null then 'queued' else 'canceled' end,
    finished_at = case when cancel_requested_at is not null then clock_timestamp() end,
    attempt = greatest(attempt - 1, 0), lease_until = null, worker = null
where id = $1 and fence = $2 and state = 'running'
