-- Counted runs that did not pass, by their failed steps: those with a failed status, and those
-- without a status that have a failing measurement. The first row, without a key, is the total.
with failed as materialized (
    select id, unit_id, started_at, coalesce(code, 'unspecified') as code
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted and outcome between 1 and 4
)
select null as key, count(*) as runs, count(distinct unit_id) as units from failed
union all
select s.name, count(distinct f.id), count(distinct f.unit_id)
from failed f
cross join lateral (
    select s.name from step s
    where s.tenant_id = $1 and s.run_id = f.id and s.run_at = f.started_at
      and (s.status = 1
           or s.status is null and exists (
               select 1 from measurement m
               where m.tenant_id = $1 and m.run_id = f.id and m.run_at = f.started_at
                 and m.step = s.seq and m.outcome = 1
               offset 0))
    offset 0
) s
group by s.name
