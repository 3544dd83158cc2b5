select id, email, password_hash from app_user where lower(email) = lower($1) and disabled_at is null
