-- Where a run is kept.
select unit_id, started_at from run_identity where tenant_id = $1 and id = $2
