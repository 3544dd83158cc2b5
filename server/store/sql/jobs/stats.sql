select count(*) filter (where state = 'queued' and run_at <= now()) as due,
       coalesce(extract(epoch from now() - min(run_at) filter (where state = 'queued' and run_at <= now())), 0)::float8 as oldest_seconds,
       count(*) filter (where state = 'running') as running
from job
where state in ('queued', 'running')
