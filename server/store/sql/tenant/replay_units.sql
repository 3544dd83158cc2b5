-- Deletes units that only the replaced runs named.
delete from unit u
where u.tenant_id = $1 and u.id = any ($2) and u.kind_set is null
  and not exists (select 1 from run r where r.tenant_id = $1 and r.unit_id = u.id)
  and not exists (select 1 from repair p where p.tenant_id = $1 and p.unit_id = u.id)
