-- What another upload delivered as well as this ($2) stays, as that upload's, unless the
-- replay delivers it again ($3): then it is what the replay says.
with own as (
    select t.id as receipt_id from receipt t where t.tenant_id = $1 and t.origin_id = $2
), heirs as (
    select k.id, min(d.origin_id::text)::uuid as origin_id
    from (select i.id from own join run_identity i on i.tenant_id = $1 and i.receipt_id = own.receipt_id
          union all
          select p.id from own join repair p on p.tenant_id = $1 and p.receipt_id = own.receipt_id) k
    join delivered d on d.tenant_id = $1 and d.id = k.id and d.origin_id <> $2
    where k.id <> all ($3::uuid[])
    group by k.id
), gone as (
    delete from delivered where tenant_id = $1 and origin_id = $2
), repairs as (
    update repair p set receipt_id = heirs.origin_id from heirs where p.tenant_id = $1 and p.id = heirs.id
)
update run_identity i set receipt_id = heirs.origin_id from heirs where i.tenant_id = $1 and i.id = heirs.id
