-- Keyset page of the audit, newest first.
select id, at, actor, action, detail
from audit
where tenant_id = $1 and ($2::timestamptz is null or (at, id) < ($2, $3))
order by at desc, id desc
limit $4
