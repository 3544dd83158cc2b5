-- The slug that a tenant has now, by one that it had before.
select t.id, t.slug
from former_slug f
join tenant t on t.id = f.tenant_id
where f.slug = $1 and f.expires_at > now()
