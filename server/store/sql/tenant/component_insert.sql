insert into component (tenant_id, run_id, run_at, seq, serial, part, slot, name, lot)
select $1, run_id, run_at, seq, serial, part, slot, name, lot
from stage_component
on conflict do nothing
