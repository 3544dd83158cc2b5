-- Assigns runs and repairs that another upload delivered as well as this one ($2) to that upload,
-- except those that the replay delivers again ($3), which the replay replaces.
with own as materialized (
    select t.id from receipt t where t.tenant_id = $1 and t.origin_id = $2
), gone as (
    delete from delivered where tenant_id = $1 and origin_id = $2
), repairs as (
    update repair p
    set receipt_id = (select min(d.origin_id::text)::uuid from delivered d
                      where d.tenant_id = $1 and d.id = p.id and d.origin_id <> $2)
    where p.tenant_id = $1 and p.receipt_id = any (array(select id from own)) and p.id <> all ($3::uuid[])
      and exists (select 1 from delivered d where d.tenant_id = $1 and d.id = p.id and d.origin_id <> $2)
)
update run_identity i
set receipt_id = (select min(d.origin_id::text)::uuid from delivered d
                  where d.tenant_id = $1 and d.id = i.id and d.origin_id <> $2)
where i.tenant_id = $1 and i.receipt_id = any (array(select id from own)) and i.id <> all ($3)
  and exists (select 1 from delivered d where d.tenant_id = $1 and d.id = i.id and d.origin_id <> $2)
