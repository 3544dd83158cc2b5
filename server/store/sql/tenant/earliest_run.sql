-- When the first run started that did not start before $2.
select started_at from run
where tenant_id = $1 and started_at >= $2
order by started_at
limit 1
