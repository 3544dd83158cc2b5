select id, at, action, run_id, defect, component_out, component_in, comment, receipt_id
from repair
where tenant_id = $1 and unit_id = $2
order by at, id
