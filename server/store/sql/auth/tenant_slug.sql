select slug from tenant where id = $1
