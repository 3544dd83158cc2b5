-- The first $5 findings of each of the runs $2, started from $3 to $4, of `total` in that run;
-- messages are truncated to 1,000 characters.
select run_id, kind, outcome, system, code,
       case when length(message) > 1000 then left(message, 1000) || '… (cut)' else message end as message,
       component, total
from (
    select found.*, count(*) over (partition by run_id) as total,
           row_number() over (partition by run_id order by seq) as place
    from unnest($2::uuid[]) as runs (id)
    cross join lateral (
        select * from finding where tenant_id = $1 and run_id = runs.id and run_at between $3 and $4 offset 0
    ) found
) f
where place <= $5
order by run_id, place
