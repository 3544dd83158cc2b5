insert into run_void (tenant_id, run_id, at, actor, reason) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, run_id) do update
set at = excluded.at, actor = excluded.actor, reason = excluded.reason
