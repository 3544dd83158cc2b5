-- Claims the next due job of these kinds ($1): of the tenant with the fewest running jobs, the
-- one that has been due the longest. Skips tenants with $2 running jobs.
with running as (
    select tenant_id, count(*) as jobs from job where state = 'running' group by tenant_id
), next as (
    select j.id
    from job j
    left join running r on r.tenant_id is not distinct from j.tenant_id
    where j.state = 'queued' and j.run_at <= statement_timestamp()
      and j.kind = any ($1) and coalesce(r.jobs, 0) < $2
    order by coalesce(r.jobs, 0), j.run_at, j.id
    limit 1 for update of j skip locked
)
update job j
set state = 'running', attempt = j.attempt + 1, fence = j.fence + 1, worker = $3,
    lease_until = clock_timestamp() + make_interval(secs => $4),
    started_at = coalesce(j.started_at, clock_timestamp()),
    progress_done = null, progress_total = null, progress_message = null
from next
where j.id = next.id
returning j.id, j.tenant_id, j.kind, j.arguments, j.asked_by_kind, j.asked_by_id, j.attempt, j.fence
