-- Which of these systems occur in findings with these failure codes. Samples the latest 100 runs
-- of each code, which is enough to know the systems of a station.
select distinct c.code, lower(f.system) as system
from unnest($2::text[]) as c (code)
cross join lateral (
    select r.id, r.started_at
    from run r
    where r.tenant_id = $1 and r.outcome between 1 and 4 and r.code = c.code
    order by r.started_at desc
    limit 100
) r
cross join lateral (
    select f.system from finding f
    where f.tenant_id = $1 and f.run_id = r.id and f.run_at = r.started_at and f.code = c.code
    offset 0
) f
where lower(f.system) = any ($3)
