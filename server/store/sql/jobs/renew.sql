-- Renews the lease and publishes the progress; no row if the lease was lost.
update job
set lease_until = clock_timestamp() + make_interval(secs => $3),
    progress_done = $4, progress_total = $5, progress_message = left($6, 200)
where id = $1 and fence = $2 and state = 'running'
returning cancel_requested_at is not null as is_canceled
