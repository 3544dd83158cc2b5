-- Records that the job succeeded; no row if the lease was lost.
update job
set state = 'succeeded', finished_at = clock_timestamp(), lease_until = null, worker = null
where id = $1 and fence = $2 and state = 'running'
