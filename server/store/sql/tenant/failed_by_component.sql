-- Counted runs that did not pass, by the components that a failing measurement, diagnosis or
-- defect in them names; the first row, without a key, is the total.
with failed as materialized (
    select id, unit_id, started_at, coalesce(code, 'unspecified') as code
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted and outcome between 1 and 4
)
select null as key, count(*) as runs, count(distinct unit_id) as units from failed
union all
select b.component, count(distinct f.id), count(distinct f.unit_id)
from failed f
cross join lateral (
    select m.component from measurement m
    where m.tenant_id = $1 and m.run_id = f.id and m.run_at = f.started_at and m.outcome = 1
    union all
    select d.component from finding d
    where d.tenant_id = $1 and d.run_id = f.id and d.run_at = f.started_at and d.outcome = 1 and d.kind in (0, 3)
    offset 0
) b
where b.component is not null
group by b.component
