-- Locks the row until the transaction ends, so that the password cannot change between check and
-- use.
select password_hash from app_user where id = $1 and disabled_at is null for no key update
