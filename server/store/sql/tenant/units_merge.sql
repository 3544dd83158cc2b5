insert into unit (tenant_id, serial, kind)
select $1, t.serial, t.kind
from unnest($2::text[], $3::smallint[]) as t (serial, kind)
on conflict (tenant_id, serial) do update set kind = greatest(unit.kind, excluded.kind)
where unit.kind < excluded.kind
