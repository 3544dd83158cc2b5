select suspended_at is not null from tenant where id = $1
