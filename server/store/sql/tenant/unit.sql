select id, serial, kind, kind_said, kind_set, kind_set_at, kind_set_by, kind_set_why
from unit
where tenant_id = $1 and serial = $2
