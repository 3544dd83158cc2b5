delete from repair p
using receipt t
where t.tenant_id = $1 and t.origin_id = $2
  and p.tenant_id = $1 and p.receipt_id = t.id
returning p.unit_id
