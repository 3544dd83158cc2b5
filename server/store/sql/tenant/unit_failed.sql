-- The first $5 failed measurements of each of the runs $2, started from $3 to $4, in the order of
-- measurement, of `total` in that run; long values are truncated.
select m.run_id, s.name as step, p.name, p.unit, m.value, left(m.other::text, 1000) as other, m.low, m.high, m.component, m.total
from (
    select measured.*, count(*) over (partition by run_id) as total,
           row_number() over (partition by run_id order by step, seq) as place
    from unnest($2::uuid[]) as runs (id)
    cross join lateral (
        select * from measurement
        where tenant_id = $1 and run_id = runs.id and run_at between $3 and $4 and outcome = 1
        offset 0
    ) measured
) m
join parameter p on p.tenant_id = $1 and p.id = m.parameter_id
left join lateral (
    select s.name from step s
    where s.tenant_id = $1 and s.run_id = m.run_id and s.run_at = m.run_at and s.seq = m.step
    limit 1
) s on true
where m.place <= $5
order by m.run_id, m.place
