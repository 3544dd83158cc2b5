-- Locked until the transaction ends: a password that is reset meanwhile is not the one that
-- was checked.
select password_hash from app_user where id = $1 and disabled_at is null for no key update
