-- Adds the job of a due schedule and advances the schedule, or disables it if it has no next
-- occurrence. Missed occurrences are coalesced into one job.
with due as (
    select id, tenant_id, kind, arguments, next_at from schedule where id = $1
), moved as (
    update schedule set next_at = coalesce($2, next_at), enabled = $2 is not null where id = $1
)
insert into job (id, tenant_id, kind, arguments, asked_by_kind, asked_by, idempotency_key)
select $3, tenant_id, kind, arguments, 'server', 'schedule', concat_ws(' ', 'schedule', id, extract(epoch from next_at))
from due
on conflict do nothing
