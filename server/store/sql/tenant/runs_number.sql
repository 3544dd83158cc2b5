-- Numbers the attempts of the touched units ($2) over their whole history. A skipped
-- run is no attempt and has no number. Both sides of the join read these units' runs by
-- index, so a hash join touches nothing else.
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
    where a.tenant_id = $1 and a.unit_id = any ($2)
) n
where r.tenant_id = $1
  and r.unit_id = any ($2)
  and r.id = n.id
  and r.run_index is distinct from n.run_index
