-- Sets a tenant's slug. The former slug redirects to it for a year, and is not reused.
with former as (
    insert into former_slug (slug, tenant_id, expires_at)
    select slug, id, $3::timestamptz + interval '1 year' from tenant where id = $1
    on conflict (slug) do update set tenant_id = excluded.tenant_id, expires_at = excluded.expires_at
)
update tenant set slug = $2 where id = $1
