select u.id, u.serial, u.kind_said
from unnest($2::text[]) as asked (serial)
cross join lateral (
    select * from unit u where u.tenant_id = $1 and u.serial = asked.serial limit 1
) u
