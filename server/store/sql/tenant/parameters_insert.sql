insert into parameter (tenant_id, digest, operation, step, name, unit)
select $1, t.digest, t.operation, t.step, t.name, t.unit
from unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[])
    as t (digest, operation, step, name, unit)
returning id, digest
