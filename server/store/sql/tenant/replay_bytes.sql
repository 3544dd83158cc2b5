-- The memory that a replay of a receipt needs for its raw bytes.
select octet_length(u.zstd)::bigint
from receipt t
join raw_upload u on u.tenant_id = t.tenant_id and u.sha256 = t.raw_sha256
where t.tenant_id = $1 and t.id = $2
