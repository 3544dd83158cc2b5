select started_at from run
where tenant_id = $1 and started_at <= $2
order by started_at desc
limit 1
