-- The last replay of the same upload after a receipt ($2) that yielded records: it replaced the
-- records of the receipt.
select later.id
from receipt t
join receipt later on later.tenant_id = t.tenant_id and later.origin_id = t.origin_id
where t.tenant_id = $1 and t.id = $2 and later.id > t.id and later.replay_of is not null
  and later.accepted + later.updated + later.duplicates
      + later.repairs_accepted + later.repairs_updated + later.repairs_duplicates > 0
order by later.id desc
limit 1
