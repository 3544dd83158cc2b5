-- Adds a job unless the tenant has $9 unfinished ones, or one with that idempotency key.
insert into job (id, tenant_id, kind, arguments, asked_by_kind, asked_by_id, asked_by, idempotency_key, max_attempts)
select $2, $1, $3, $4, $5, $6, $7, $8, $10
where (select count(*) from job where tenant_id = $1 and finished_at is null) < $9
on conflict do nothing
