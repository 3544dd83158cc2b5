-- Summary statistics of counted runs, by parameter, for those whose name contains $9, ignoring
-- case; at most $10. The newest limits are those of the last run; moved is the mean moving range.
with counted as materialized (
    select r.id, r.started_at
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where run_counts(r.reason, r.outcome, r.run_index, r.unaborted_index, r.marks, $7, $8)
), span as materialized (
    select min(started_at) as first, max(started_at) as last from counted
), named as materialized (
    select p.id, p.operation, p.step, p.name, p.unit
    from parameter p
    where p.tenant_id = $1
      and ($9 = '' or position(lower($9) in lower(measurement_name(p.operation, p.step, p.name, p.unit))) > 0)
), valued as (
    select distinct on (m.parameter_id, m.run_at, m.run_id)
           m.parameter_id, m.run_at, m.run_id, m.value,
           case when m.cmp in (0, 1, 8) then null else m.low end as low,
           case when m.cmp in (0, 1, 8) then null else m.high end as high
    from counted c
    join measurement m on m.tenant_id = $1 and m.run_id = c.id and m.run_at = c.started_at
    where m.value is not null and m.value > '-Infinity' and m.value < 'Infinity'
      and m.parameter_id = any (array(select id from named))
      and m.run_at >= (select first from span) and m.run_at <= (select last from span)
    order by m.parameter_id, m.run_at, m.run_id, m.step desc, m.seq desc
), ordered as (
    select parameter_id, value, low, high,
           abs(value - lag(value) over earlier) as moved,
           first_value(low) over newest as last_low, first_value(high) over newest as last_high
    from valued
    window earlier as (partition by parameter_id order by run_at, run_id),
           newest as (partition by parameter_id order by run_at desc, run_id desc)
), summarized as (
    select parameter_id, count(*) as n, avg(value) as mean, var_samp(value) as variance,
           min(value) as least, max(value) as most, avg(moved) as moved,
           min(last_low) as low, min(last_high) as high,
           count(*) filter (where value < last_low or value > last_high) as outside,
           bool_or(low is distinct from last_low or high is distinct from last_high) as limits_changed
    from ordered
    group by parameter_id
)
select n.id, n.operation, n.step, n.name, n.unit, measurement_name(n.operation, n.step, n.name, n.unit) as parameter,
       s.n, s.mean, s.variance, s.least, s.most, s.moved, s.low, s.high, s.outside, s.limits_changed
from summarized s
join named n on n.id = s.parameter_id
limit $10
