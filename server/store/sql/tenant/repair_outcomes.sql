-- What repairs led to, by action and part: the first $10 kinds of `total`, the most frequent
-- first. Of each failing episode in the window and filters, dated by its first FAIL ($8: of
-- those in which one of these parameters failed), the last repair before its end that a run of
-- the operation followed; that run passed or not. A unit that passed by $9 stayed good if it
-- did not fail there in the 30 days after.
with episode as materialized (
    select r.id, r.unit_id, r.operation, r.started_at
    from runs_matching($1, $2, $3, $4, $5, $6) r
    where r.reason = 0 and r.outcome = 1 and r.marks & 1024 > 0
      and ($8::bigint[] is null or exists (
          select 1 from measurement m
          where m.tenant_id = $1 and m.run_id = r.id and m.run_at = r.started_at
            and m.parameter_id = any ($8) and m.outcome = 1))
), fixed as materialized (
    select e.unit_id, e.operation, e.started_at, p.action, p.part, p.next_id, p.next_at, p.passed
    from episode e
    cross join lateral (
        select p.action, coalesce(p.component_out ->> 'part', p.component_in ->> 'part') as part,
               n.id as next_id, n.started_at as next_at, n.outcome = 0 as passed
        from repair p
        cross join lateral (
            select r.id, r.started_at, r.outcome from run r
            where r.tenant_id = $1 and r.unit_id = e.unit_id and r.operation = e.operation
              and r.started_at >= p.at and (r.started_at, r.id) > (e.started_at, e.id)
              and r.run_index is not null
              and (not $7 or r.outcome <> 4)
            order by r.started_at, r.id
            limit 1
        ) n
        where p.tenant_id = $1 and p.unit_id = e.unit_id
          and p.at >= e.started_at
          -- The end of the episode: the first PASS after it. Looked up only where there is a repair.
          and p.at <= coalesce((
              select r.started_at from run r
              where r.tenant_id = $1 and r.unit_id = e.unit_id and r.operation = e.operation
                and r.started_at >= e.started_at and (r.started_at, r.id) > (e.started_at, e.id)
                and r.outcome = 0 and r.run_index is not null
              order by r.started_at, r.id
              limit 1), 'infinity')
        order by p.at desc, p.id desc
        limit 1
    ) p
), settled as (
    select f.*, f.passed and f.next_at <= $9::timestamptz - interval '720 hours' as is_settled,
           not exists (
               select 1 from run r
               where r.tenant_id = $1 and r.unit_id = f.unit_id and r.operation = f.operation
                 and r.started_at >= f.next_at and (r.started_at, r.id) > (f.next_at, f.next_id)
                 and r.started_at <= f.next_at + interval '720 hours'
                 and r.outcome = 1 and r.run_index is not null) as is_good
    from fixed f
)
select action, part, count(*) as n, count(*) filter (where passed) as passed,
       count(*) filter (where is_settled) as settled,
       count(*) filter (where is_settled and is_good) as stayed,
       percentile_cont(0.5) within group (order by extract(epoch from next_at - started_at)::double precision / 3600)
           filter (where passed) as median_hours,
       count(*) over () as total
from settled
group by action, part
order by n desc, action collate "C", part collate "C"
limit $10
