-- First-time through (FTT). n: units whose earliest run 1 in these operations ($9) matches and
-- that have a run 1 in each of them; k: those of them that passed every run 1 without a repair
-- before the last one. For most units all of these runs match; the runs of the others are looked
-- up.
with starts as materialized (
    select unit_id, id, outcome, started_at
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8)
    where counted
), here as materialized (
    select unit_id, count(*) as operations, bool_and(outcome = 0) as passed, max(started_at) as last
    from starts
    group by unit_id
), whole as (
    select unit_id, passed, last from here where operations = cardinality($9::text[])
    union all
    select r.unit_id, bool_and(r.outcome = 0), max(r.started_at)
    from run r
    where r.tenant_id = $1 and r.reason = 0 and r.operation = any ($9)
      and r.unit_id = any (array(select unit_id from here where operations < cardinality($9)))
      and case when $8 then r.unaborted_index = 1 else r.run_index = 1 end
    group by r.unit_id
    having count(*) = cardinality($9)
       and (array_agg(r.id order by r.started_at, r.id))[1] in (select id from starts)
)
select count(*) as n,
       count(*) filter (where w.passed and not exists (
           select 1 from repair p where p.tenant_id = $1 and p.unit_id = w.unit_id and p.at < w.last)) as k
from whole w
