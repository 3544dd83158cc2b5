-- The input of a replay of a receipt.
select t.format, t.params, t.origin_id, u.zstd
from receipt t
join raw_upload u on u.tenant_id = t.tenant_id and u.sha256 = t.raw_sha256
where t.tenant_id = $1 and t.id = $2
