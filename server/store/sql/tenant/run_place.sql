-- Unit and start of a run, the key under which it is stored; with a serial, only if it is that
-- unit's.
select run.unit_id, run.started_at from run_identity run
where run.tenant_id = $1 and run.id = $2
  and ($3::text is null or exists (
    select 1 from unit where unit.tenant_id = $1 and unit.id = run.unit_id and unit.serial = $3
  ))
