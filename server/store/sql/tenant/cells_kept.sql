-- Cells by group from the cells stored by operation and one more dimension ($2, with the code
-- $3), for days from $4 to before $5, operations $6 and values $7 of that dimension. Same result
-- as cells_of_runs.sql.
with cell as (
    select c.*,
           case $8::text when 'operation' then c.operation when 'tenant' then '' when $2::text then c.value
                         else period_key($8, c.day, null, null) end as key_1,
           case $9::text when 'operation' then c.operation when 'tenant' then '' when $2 then c.value
                         else period_key($9, c.day, null, null) end as key_2
    from yield_cell c
    where c.tenant_id = $1 and c.attribute = $3::smallint and c.runs > 0
      and c.day >= coalesce($4::date, '-infinity') and c.day < coalesce($5::date, 'infinity')
      and ($6::text[] is null or c.operation = any ($6))
      and ($7::text[] is null or coalesce(c.value, '') = any ($7))
)
select key_1, key_2, operation, reason, outcome, marks, first, unaborted_first,
       sum(runs)::bigint as runs, sum(attempts)::bigint as attempts,
       sum(unaborted_attempts)::bigint as unaborted_attempts,
       sum(defects)::bigint as defects, sum(opportunities)::bigint as opportunities
from cell
group by key_1, key_2, operation, reason, outcome, marks, first, unaborted_first
