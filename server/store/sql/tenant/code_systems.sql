-- Under which of these systems findings have these codes that runs failed with.
select c.code, s.system
from unnest($2::text[]) as c (code)
cross join unnest($3::text[]) as s (system)
where exists (
    select from run r
    join finding f on f.tenant_id = $1 and f.run_id = r.id and f.run_at = r.started_at
    where r.tenant_id = $1 and r.outcome between 1 and 4 and r.code = c.code
      and f.code = c.code and lower(f.system) = s.system
)
