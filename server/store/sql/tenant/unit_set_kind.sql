-- Returns the unit, and whether a user had set its kind before.
update unit u
set kind_set = $3, kind_set_at = $4, kind_set_by = $5, kind_set_why = $6
from (select id, kind_set is not null as was_set from unit where tenant_id = $1 and serial = $2) old
where u.tenant_id = $1 and u.id = old.id
returning u.id, old.was_set
