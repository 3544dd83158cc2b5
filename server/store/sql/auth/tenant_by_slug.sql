select id from tenant where slug = $1
