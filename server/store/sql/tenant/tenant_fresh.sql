update tenant set stale = false where id = $1 and stale
