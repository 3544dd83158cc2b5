-- First occurrences of values of software, revision, fixture and station in an operation, over
-- all runs of the operations in $2 or of all: those from $3 to before $4, the latest $5. Values
-- that occurred within a day of an operation's first run are not changes.
with seen as (
    select r.operation, k.kind, k.what, min(r.started_at) as at
    from run r
    cross join lateral (
        values ('software', r.software), ('revision', r.revision), ('fixture', r.fixture), ('station', r.station)
    ) k (kind, what)
    where r.tenant_id = $1 and k.what is not null and r.reason = 0
      and ($2::text[] is null or r.operation = any ($2))
    group by r.operation, k.kind, k.what
), begun as (
    select *, min(at) over (partition by operation) as first_at from seen
)
select operation, kind, what, at
from begun
where at > first_at + interval '1 day'
  and at >= coalesce($3::timestamptz, '-infinity') and at < coalesce($4::timestamptz, 'infinity')
order by at desc, operation, kind, what
limit $5
