-- The current slug of a tenant, by a former one.
select t.id, t.slug
from former_slug f
join tenant t on t.id = f.tenant_id
where f.slug = $1 and f.expires_at > now()
