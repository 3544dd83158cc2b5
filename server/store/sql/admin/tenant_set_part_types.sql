update tenant set attribute_part_types = $2 where slug = $1
