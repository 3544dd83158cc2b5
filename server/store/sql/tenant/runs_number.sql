-- Numbers the attempts of the touched units ($1: those that runs moved away
-- from) over their whole history. A skipped run is no attempt and has no number.
update run r
set run_index = n.run_index
from (
    select a.id,
           case when a.outcome <> 5 then
               row_number() over (
                   partition by a.unit_id, a.operation, a.outcome = 5
                   order by a.started_at, a.id)
           end as run_index
    from run a
    where a.unit_id in (
        select u.id from unit u join stage_run s on s.serial = u.serial
        union all
        select unnest($1::bigint[])
    )
) n
where r.id = n.id and r.run_index is distinct from n.run_index
