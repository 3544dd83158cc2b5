-- Sorted, so that two uploads of the same units wait for each other instead of
-- ending in a deadlock.
insert into unit (tenant_id, serial, kind)
select $1, s.serial, max(s.kind)
from stage_run s
group by s.serial
order by s.serial
on conflict (tenant_id, serial) do update set kind = greatest(unit.kind, excluded.kind)
