-- Records that the job succeeded, in the transaction of what it wrote; no row if the lease was
-- lost.
update job
set state = 'succeeded', finished_at = clock_timestamp(), lease_until = null, worker = null
where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'
