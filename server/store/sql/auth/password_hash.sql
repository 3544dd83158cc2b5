select password_hash from app_user where id = $1 and disabled_at is null
