-- Revoking a token that is revoked keeps the first time.
update api_token set revoked_at = coalesce(revoked_at, $2) where id = $1
