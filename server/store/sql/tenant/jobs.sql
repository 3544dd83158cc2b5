-- Keyset page of the tenant's jobs, newest first, older than $2: those that $3 requested, or all.
select id, kind, state, asked_by, attempt, max_attempts, progress_done, progress_total, progress_message,
       cancel_requested_at is not null as is_cancel_requested, last_error, created_at, run_at, started_at, finished_at
from job
where tenant_id = $1 and ($2::uuid is null or id < $2) and ($3::uuid is null or asked_by_id = $3)
order by id desc limit $4
