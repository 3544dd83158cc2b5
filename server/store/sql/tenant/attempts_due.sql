-- Units with a run that was from the future when it was kept and is not any more.
select distinct unit_id from run
where tenant_id = $1 and run_index is null and outcome <> 5 and not voided and started_at <= $2
