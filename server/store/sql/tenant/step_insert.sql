insert into step (tenant_id, run_id, run_at, started_at, ended_at, loop_index, seq, status, name)
select $1, run_id, run_at, started_at, ended_at, loop_index, seq, status, name
from stage_step
on conflict do nothing
