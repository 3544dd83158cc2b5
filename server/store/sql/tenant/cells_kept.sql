-- The same from the cells that are kept by operation and one more attribute ($2), for
-- days from $3 to before $4, operations $5 and values $6 of that attribute. Grouped ($7)
-- by the operation (0), the attribute (its number), day (8), week (9) or month (10).
with cell as (
    select c.*,
           case when $7 = 0 then c.operation when $7 = $2 then c.value end as key,
           case $7::smallint when 8 then c.day when 9 then date_trunc('week', c.day::timestamp)::date
                             when 10 then date_trunc('month', c.day::timestamp)::date end as key_day
    from yield_cell c
    where c.tenant_id = $1 and c.attribute = $2::smallint and c.runs > 0
      and c.day >= coalesce($3::date, '-infinity') and c.day < coalesce($4::date, 'infinity')
      and ($5::text[] is null or c.operation = any ($5))
      and ($6::text[] is null or c.value = any ($6))
)
select key, key_day, operation, reason, outcome, marks, first, unaborted_first,
       sum(runs)::bigint as runs, sum(attempts)::bigint as attempts,
       sum(unaborted_attempts)::bigint as unaborted_attempts,
       sum(defects)::bigint as defects, sum(opportunities)::bigint as opportunities
from cell
group by key, key_day, operation, reason, outcome, marks, first, unaborted_first
