-- Deletes the runs of an upload ($2) and of its replays.
delete from run_identity i
using receipt t
where t.tenant_id = $1 and t.origin_id = $2
  and i.tenant_id = $1 and i.receipt_id = t.id
returning i.id, i.unit_id, i.started_at
