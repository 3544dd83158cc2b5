select p.id, p.content_hash
from unnest($2::uuid[]) as asked (id)
join repair p on p.tenant_id = $1 and p.id = asked.id
