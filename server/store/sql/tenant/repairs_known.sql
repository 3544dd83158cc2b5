select p.id, p.content_hash
from unnest($2::uuid[]) as asked (id)
cross join lateral (
    select * from repair p where p.tenant_id = $1 and p.id = asked.id limit 1
) p
