-- The newest $5 repairs of a unit from $3 to before $4, if given, of `total`, ordered by time;
-- comments are truncated to 1,000 characters.
select *
from (
    select id, at, action, run_id, defect, component_out, component_in,
           case when length(comment) > 1000 then left(comment, 1000) || '… (cut)' else comment end as comment,
           receipt_id,
           count(*) over () as total
    from repair
    where tenant_id = $1 and unit_id = $2
      and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
    order by at desc, id desc
    limit $5
) latest
order by at, id
