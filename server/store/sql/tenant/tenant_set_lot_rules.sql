update tenant set lot_rules = $2 where id = $1
