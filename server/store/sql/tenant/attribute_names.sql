-- The names of the attributes of the newest $2 runs, at most $3 names.
select a.name
from (
    select attributes from run
    where tenant_id = $1 and started_at is not null
    order by started_at desc
    limit $2
) r
cross join lateral jsonb_object_keys(r.attributes) as a(name)
group by a.name
order by a.name collate "C"
limit $3
