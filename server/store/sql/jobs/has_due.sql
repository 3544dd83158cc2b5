-- Whether a claim may find a job.
select exists (select 1 from job where state = 'queued' and run_at <= now())
    or exists (select 1 from job where state = 'running' and lease_until <= now())
    or exists (select 1 from schedule where enabled and next_at <= now())
