-- Cancels a job: a queued job immediately; the worker stops a running one.
update job
set state = case when state = 'queued' then 'canceled' else state end,
    finished_at = case when state = 'queued' then clock_timestamp() end,
    cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
where tenant_id = $1 and id = $2 and ($3::uuid is null or asked_by_id = $3) and finished_at is null
