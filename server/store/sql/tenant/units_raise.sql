-- Golden beats reference beats production, whatever was said last.
update unit u
set kind_said = t.kind
from unnest($2::bigint[], $3::smallint[]) as t (id, kind)
where u.tenant_id = $1 and u.id = t.id and u.kind_said < t.kind
