select u.id, u.serial, u.kind_said
from unnest($2::text[]) as asked (serial)
join unit u on u.tenant_id = $1 and u.serial = asked.serial
