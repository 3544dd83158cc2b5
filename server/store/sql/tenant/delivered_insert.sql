-- Records the uploads that delivered runs and repairs ($3) which another upload than this one
-- ($2) had stored: both uploads.
with others as (
    select k.id, t.origin_id
    from unnest($3::uuid[]) as asked (id)
    cross join lateral (
        (select i.id, i.receipt_id from run_identity i where i.tenant_id = $1 and i.id = asked.id limit 1)
        union all
        (select p.id, p.receipt_id from repair p where p.tenant_id = $1 and p.id = asked.id limit 1)
    ) k
    join receipt t on t.tenant_id = $1 and t.id = k.receipt_id
    where t.origin_id <> $2
)
insert into delivered (tenant_id, id, origin_id)
select $1, o.id, origin
from others o, unnest(array[o.origin_id, $2]) origin
on conflict do nothing
