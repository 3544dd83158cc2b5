insert into unit (tenant_id, serial, kind_said)
select $1, t.serial, t.kind
from unnest($2::text[], $3::smallint[]) as t (serial, kind)
returning id, serial
