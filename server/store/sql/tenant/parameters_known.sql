select p.id, p.digest
from unnest($2::bytea[]) as asked (digest)
join parameter p on p.tenant_id = $1 and p.digest = asked.digest
