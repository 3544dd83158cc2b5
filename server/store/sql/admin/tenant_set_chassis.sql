update tenant set chassis_part_type = $2 where slug = $1
