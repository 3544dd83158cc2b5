-- The measurements that failed in counted runs that did not pass, with the code $9 where it is
-- given: the $10 that failed in most runs, with the median of these values and the newest limits.
with failed as materialized (
    select id, started_at
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted and outcome between 1 and 4 and ($9::text is null or coalesce(code, 'unspecified') = $9)
)
select measurement_name(p.operation, p.step, p.name, p.unit) as parameter, s.runs, s.median, s.low, s.high
from (
    select m.parameter_id, count(distinct f.id) as runs,
           percentile_cont(0.5) within group (order by m.value)
               filter (where m.value > '-Infinity' and m.value < 'Infinity') as median,
           (array_agg(m.low order by f.started_at desc, f.id))[1] as low,
           (array_agg(m.high order by f.started_at desc, f.id))[1] as high
    from failed f
    cross join lateral (
        select m.parameter_id, m.value,
               case when m.cmp in (0, 1, 8) then null else m.low end as low,
               case when m.cmp in (0, 1, 8) then null else m.high end as high
        from measurement m
        where m.tenant_id = $1 and m.run_id = f.id and m.run_at = f.started_at and m.outcome = 1
        offset 0
    ) m
    group by m.parameter_id
    order by runs desc, m.parameter_id
    limit $10
) s
join parameter p on p.tenant_id = $1 and p.id = s.parameter_id
order by s.runs desc, parameter
