-- Whether a tenant other than $2 had that slug.
select exists (select 1 from former_slug where slug = $1 and tenant_id is distinct from $2)
