-- Means of what the counted runs measured of each of the parameters $9, in $10 equal parts of the
-- time from the first of these runs to the last.
with counted as materialized (
    select r.id, r.started_at
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
), span as materialized (
    select min(started_at) as first, max(started_at) as last,
           extract(epoch from max(started_at) - min(started_at))::float8 as seconds
    from counted
), valued as (
    select distinct on (m.parameter_id, m.run_at, m.run_id) m.parameter_id, m.run_at, m.value
    from counted c
    join measurement m on m.tenant_id = $1 and m.run_id = c.id and m.run_at = c.started_at
    where m.value is not null and m.value > '-Infinity' and m.value < 'Infinity'
      and m.parameter_id = any ($9::bigint[])
      and m.run_at >= (select first from span) and m.run_at <= (select last from span)
    order by m.parameter_id, m.run_at, m.run_id, m.step desc, m.seq desc
), parted as (
    select v.parameter_id as parameter, v.value,
           case when s.seconds > 0
                then least(floor(extract(epoch from v.run_at - s.first)::float8 / s.seconds * $10)::int, $10 - 1)
                else 0 end as part
    from valued v cross join span s
)
select parameter, part, avg(value) as mean
from parted
group by parameter, part
order by parameter, part
