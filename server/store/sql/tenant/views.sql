select id, name, state, saved_by, saved_at from saved_view
where tenant_id = $1
order by name collate "C"
