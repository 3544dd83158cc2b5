-- Where a run is kept; with a serial, only if it is of that unit.
select run.unit_id, run.started_at from run_identity run
where run.tenant_id = $1 and run.id = $2
  and ($3::text is null or exists (
    select 1 from unit where unit.tenant_id = $1 and unit.id = run.unit_id and unit.serial = $3
  ))
