-- Units whose earliest run 1 in these operations ($17) is here and that have one in each of
-- them; how many of them passed every run 1 without a repair before the last of these.
with starts as (
    select a.unit_id, a.id
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) a
    where a.counted
), firsts as (
    select r.unit_id, count(*) as operations, bool_and(r.outcome = 0) as passed,
           max(r.started_at) as last, (array_agg(r.id order by r.started_at, r.id))[1] as earliest
    from run r
    where r.tenant_id = $1 and r.unit_id in (select unit_id from starts) and r.reason = 0
      and r.operation = any ($17) and case when $16 then r.unaborted_index = 1 else r.run_index = 1 end
    group by r.unit_id
)
select count(*) as n,
       count(*) filter (where f.passed and not exists (
           select from repair p where p.tenant_id = $1 and p.unit_id = f.unit_id and p.at < f.last)) as k
from firsts f
where f.operations = cardinality($17::text[])
  and exists (select from starts s where s.unit_id = f.unit_id and s.id = f.earliest)
