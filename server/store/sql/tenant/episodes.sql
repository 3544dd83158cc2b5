-- Sets the bits of failing episodes of units ($2) in `marks`, each on the episode's first FAIL,
-- and removes outdated ones:
--   1024  a FAIL of a unit in an operation with no FAIL since its last PASS there
--   2048  the episode is resolved: a PASS followed
--   4096  the episode is cleared: no repair of the unit from the FAIL to the PASS, all runs of the
--         same product and revision, and each failed measurement repeated with the same limits
-- Other outcomes neither open nor end an episode. Stages two rows per run for the cells.
with history as (
    select r.id, r.unit_id, r.operation, r.started_at, r.outcome, r.marks, r.product, r.revision, d.decides,
           count(*) filter (where r.outcome = 0) over (
               partition by r.unit_id, r.operation, d.decides order by r.started_at, r.id
               rows between unbounded preceding and 1 preceding) as episode
    from (select distinct unnest($2::bigint[]) as id) asked
    cross join lateral (
        select * from run r where r.tenant_id = $1 and r.unit_id = asked.id offset 0
    ) r
    cross join lateral (select r.outcome in (0, 1) and r.run_index is not null) d (decides)
), episodes as (
    select *,
           decides and outcome = 1 and row_number() over (e order by started_at, id) = 1 as opens,
           max(started_at) filter (where outcome = 0) over e as ended,
           (array_agg(id) filter (where outcome = 0) over e)[1] as ended_by,
           array_agg(id) filter (where outcome = 1) over e as fails,
           array_agg(started_at) filter (where outcome = 1) over e as fails_at,
           (count(product) over e = 0
            or count(product) over e = count(*) over e and min(product) over e = max(product) over e)
           and (count(revision) over e = 0
                or count(revision) over e = count(*) over e and min(revision) over e = max(revision) over e) as alike
    from history
    window e as (partition by unit_id, operation, decides, episode)
), judged as (
    select e.unit_id, e.operation, e.started_at, e.id,
           case when not opens then 0
                when ended is null then 1024
                when alike
                     and not exists (
                         select 1 from repair p
                         where p.tenant_id = $1 and p.unit_id = e.unit_id
                           and p.at between e.started_at and e.ended)
                     and not exists (
                         select 1 from unnest(e.fails, e.fails_at) as f (id, at)
                         join measurement m
                           on m.tenant_id = $1 and m.run_id = f.id and m.run_at = f.at and m.outcome = 1
                         where not exists (
                             select 1 from measurement g
                             where g.tenant_id = $1 and g.run_id = e.ended_by and g.run_at = e.ended
                               and g.parameter_id = m.parameter_id
                               and g.low is not distinct from m.low
                               and g.high is not distinct from m.high
                               and g.cmp is not distinct from m.cmp
                               -- Compares the checks without their outcomes.
                               and (select jsonb_agg(c - 'outcome') from jsonb_array_elements(g.checks::jsonb) c)
                                   is not distinct from
                                   (select jsonb_agg(c - 'outcome') from jsonb_array_elements(m.checks::jsonb) c)))
                then 1024 + 2048 + 4096
                else 1024 + 2048 end as wanted,
           e.marks
    from episodes e
), written as (
    update run r
    set marks = (j.marks & ~7168) | j.wanted
    from judged j
    where j.marks & 7168 <> j.wanted
      and r.tenant_id = $1 and r.unit_id = j.unit_id and r.operation = j.operation
      and r.started_at = j.started_at and r.id = j.id
    returning r.day, r.reason, r.outcome, r.marks, j.marks as old_marks, r.run_index, r.unaborted_index,
              r.operation, r.product, r.station, r.attempts, r.unaborted_attempts, r.defects, r.opportunities
)
insert into stage_cell (sign, day, reason, outcome, marks, run_index, unaborted_index, operation, product, station, attempts, unaborted_attempts, defects, opportunities)
select v.sign, day, reason, outcome, v.marks, run_index, unaborted_index, operation, product, station,
       attempts, unaborted_attempts, defects, opportunities
from written w
cross join lateral (values (-1::smallint, old_marks), (1::smallint, marks)) v (sign, marks)
