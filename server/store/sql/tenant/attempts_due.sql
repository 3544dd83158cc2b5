-- Units with a run that was in the future when it was stored and no longer is.
select distinct unit_id from run
where tenant_id = $1 and run_index is null and outcome <> 5 and not voided and started_at <= $2
