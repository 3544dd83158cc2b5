-- Idempotent: revoking a revoked token keeps the first time.
update api_token set revoked_at = coalesce(revoked_at, $2)
where id = $1 and ($3::uuid is null or tenant_id = $3)
