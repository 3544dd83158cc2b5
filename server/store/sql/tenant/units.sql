-- Units whose serial has $2 in it, in lower case, after the serial $3.
select u.serial, u.kind, latest.product, latest.revision, latest.runs, latest.started_at
from unit u
cross join lateral (
    select (array_agg(r.product order by r.started_at desc, r.id desc))[1] as product,
           (array_agg(r.revision order by r.started_at desc, r.id desc))[1] as revision,
           count(*) as runs, max(r.started_at) as started_at
    from run r
    where r.tenant_id = $1 and r.unit_id = u.id
) latest
where u.tenant_id = $1
  and ($2 = '' or position($2 in lower(u.serial)) > 0)
  and ($3::text is null or u.serial collate "C" > $3)
  and (latest.runs > 0 or u.kind_set is not null
       or exists (select from repair p where p.tenant_id = $1 and p.unit_id = u.id))
order by u.serial collate "C"
limit $4
