insert into measurement (tenant_id, run_id, run_at, parameter_id, value, low, high, started_at,
                         ended_at, step, seq, cmp, outcome, component, subcomponent, other, checks)
select $1, run_id, run_at, ($2::bigint[])[parameter], value, low, high, started_at,
       ended_at, step, seq, cmp, outcome, component, subcomponent, other, checks
from stage_measurement
on conflict do nothing
