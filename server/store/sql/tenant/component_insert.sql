insert into component (tenant_id, run_id, run_at, seq, serial, part, slot, name)
select $1, run_id, run_at, seq, serial, part, slot, name
from stage_component
