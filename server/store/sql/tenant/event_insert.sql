-- Records a change event, unless the tenant already has $9 events.
insert into change_event (tenant_id, id, at, kind, what, scope, recorded_by, recorded_at)
select $1, $2, $3, $4, $5, $6, $7, $8
where (select count(*) from change_event where tenant_id = $1) < $9
on conflict do nothing
