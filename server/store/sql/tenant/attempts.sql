-- Numbers the attempts of units: those with stored runs ($2) and those of the staged runs, whose
-- ids are in $3. A skipped or voided run is not an attempt, nor is one in the future (after $4).
-- Everything is computed twice: with aborted runs among the attempts, and without ("unaborted").
-- `reason` is why a run is excluded from all figures.
--
-- Bits of `marks`, with aborted runs / without:
--   1 /  32  first attempt of the site's day
--   2 /  64  on the first attempt: passed by the second attempt
--   4 / 128  passed by the third attempt
--   8 / 256  passed at any attempt
--  16 / 512  the last attempt passed
--  8192 / 16384  has a second attempt
-- and of failing episodes (only episodes.sql computes the last one, see there):
--   1024  the first FAIL of an episode
--   2048  the episode is resolved: a PASS ended it
--   4096  the episode is cleared
insert into stage_attempt (id, staged, unit_id, operation, started_at, day, voided, run_index,
                           unaborted_index, attempts, unaborted_attempts, marks, reason,
                           first_at, unaborted_first_at, changed, old_run_index, old_unaborted_index,
                           old_attempts, old_unaborted_attempts, old_marks, old_reason)
with kinds as (
    select u.id, u.kind from unit u where u.tenant_id = $1 and u.id = any ($2::bigint[] || $3::bigint[])
), known as (
    select r.id, false as staged, r.unit_id, r.operation, r.started_at, r.day, r.outcome, r.voided,
           r.run_index, r.unaborted_index, r.attempts, r.unaborted_attempts, r.marks, r.reason,
           r.first_at, r.unaborted_first_at
    -- A lateral look-up per unit: the planner would prefer other indexes that read all rows of the
    -- tenant.
    from (select distinct unnest($2::bigint[]) as id) asked
    cross join lateral (
        select * from run r where r.tenant_id = $1 and r.unit_id = asked.id offset 0
    ) r
    union all
    select s.id, true, ($3::bigint[])[s.unit], s.operation, s.started_at,
           (s.started_at at time zone (select timezone from tenant where id = $1))::date,
           s.outcome, v.run_id is not null, null, null, null, null, null, null, null, null
    from stage_run s
    left join run_void v on v.tenant_id = $1 and v.run_id = s.id
), tried as (
    select known.*, kinds.kind,
           outcome = 0 as passed,
           outcome <> 5 and not voided and started_at <= $4 as attempt,
           outcome not in (4, 5) and not voided and started_at <= $4 as unaborted
    from known
    join kinds on kinds.id = known.unit_id
), numbered as (
    select *,
           row_number() over (partition by unit_id, operation, attempt order by started_at, id) as n,
           row_number() over (partition by unit_id, operation, unaborted order by started_at, id) as m,
           row_number() over (partition by unit_id, operation, attempt, day order by started_at, id) as n_of_day,
           row_number() over (partition by unit_id, operation, unaborted, day order by started_at, id) as m_of_day,
           attempt and outcome in (0, 1) as decides,
           count(*) filter (where passed) over (
               partition by unit_id, operation, attempt and outcome in (0, 1) order by started_at, id
               rows between unbounded preceding and 1 preceding) as episode
    from tried
), summed as (
    select *,
           count(*) over a as n_all,
           min(started_at) over a as n_first,
           bool_or(passed and n <= 2) over a as n_by_2,
           bool_or(passed and n <= 3) over a as n_by_3,
           bool_or(passed) over a as n_ever,
           last_value(passed) over (a order by n rows between unbounded preceding and unbounded following) as n_last,
           count(*) over u as m_all,
           min(started_at) over u as m_first,
           bool_or(passed and m <= 2) over u as m_by_2,
           bool_or(passed and m <= 3) over u as m_by_3,
           bool_or(passed) over u as m_ever,
           last_value(passed) over (u order by m rows between unbounded preceding and unbounded following) as m_last,
           decides and outcome = 1 and row_number() over (e order by started_at, id) = 1 as opens,
           bool_or(passed) over e as resolved
    from numbered
    window a as (partition by unit_id, operation, attempt),
           u as (partition by unit_id, operation, unaborted),
           e as (partition by unit_id, operation, decides, episode)
), marked as (
    select *,
           case when attempt then n end as new_index,
           case when unaborted then m end as new_unaborted_index,
           case when attempt and n = 1 then n_all end as new_attempts,
           case when unaborted and m = 1 then m_all end as new_unaborted_attempts,
           case when attempt then (n_of_day = 1)::int else 0 end
           + case when attempt and n = 1
                 then 2 * n_by_2::int + 4 * n_by_3::int + 8 * n_ever::int + 16 * n_last::int
                      + 8192 * (n_all > 1)::int else 0 end
           + case when unaborted then 32 * (m_of_day = 1)::int else 0 end
           + case when unaborted and m = 1
                 then 64 * m_by_2::int + 128 * m_by_3::int + 256 * m_ever::int + 512 * m_last::int
                      + 16384 * (m_all > 1)::int else 0 end
           + case when not opens then 0
                  when not resolved then 1024
                  else 1024 + 2048 + (coalesce(marks, 0) & 4096) end as new_marks,
           case when kind = 2 then 1 when kind = 1 then 2 when voided then 3
                when started_at > $4 then 4 when outcome = 5 then 5 else 0 end as new_reason,
           case when attempt then n_first end as new_first_at,
           case when unaborted then m_first end as new_unaborted_first_at
    from summed
)
select id, staged, unit_id, operation, started_at, day, voided, new_index,
       new_unaborted_index, new_attempts, new_unaborted_attempts, new_marks, new_reason,
       new_first_at, new_unaborted_first_at,
       (run_index, unaborted_index, attempts, unaborted_attempts, marks, reason,
        first_at, unaborted_first_at)
       is distinct from
       (new_index::int, new_unaborted_index::int, new_attempts::int, new_unaborted_attempts::int,
        new_marks::smallint, new_reason::smallint, new_first_at, new_unaborted_first_at),
       run_index, unaborted_index, attempts, unaborted_attempts, marks, reason
from marked
