select p.id, p.digest
from unnest($2::bytea[]) as asked (digest)
cross join lateral (
    select * from parameter p where p.tenant_id = $1 and p.digest = asked.digest limit 1
) p
