-- Recomputes the kinds of these units from their remaining runs.
update unit u
set kind_said = coalesce((select max(r.unit_kind) from run r
                          where r.tenant_id = $1 and r.unit_id = u.id), 0)
where u.tenant_id = $1 and u.id = any ($2)
