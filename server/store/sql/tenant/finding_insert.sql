insert into finding (tenant_id, run_id, run_at, seq, step, kind, outcome, code, system, severity,
                     message, component, subcomponent)
select $1, run_id, run_at, seq, step, kind, outcome, code, system, severity,
       message, component, subcomponent
from stage_finding
on conflict do nothing
