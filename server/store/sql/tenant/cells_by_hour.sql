-- What a question is about, as cells by hour of the site. Runs are added up by quarters of an hour
-- first, which all hours of all zones consist of: only a quarter, not each run, has its hour written
-- as text, which costs more than all else.
with quarter as (
    select date_bin('15 minutes', started_at, 'epoch') as started_at, operation, reason, outcome, marks, first, unaborted_first,
           count(*) as runs, coalesce(sum(attempts), 0) as attempts,
           coalesce(sum(unaborted_attempts), 0) as unaborted_attempts,
           sum(defects) as defects, sum(opportunities) as opportunities
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    group by 1, operation, reason, outcome, marks, first, unaborted_first
), hour as (
    select started_at, local_hour(started_at, (select timezone from tenant where id = $1)) as key
    from (select distinct started_at from quarter) q
)
select h.key, null::date as key_day, q.operation, q.reason, q.outcome, q.marks, q.first, q.unaborted_first,
       sum(q.runs)::bigint as runs, sum(q.attempts)::bigint as attempts,
       sum(q.unaborted_attempts)::bigint as unaborted_attempts,
       sum(q.defects)::bigint as defects, sum(q.opportunities)::bigint as opportunities
from quarter q
join hour h on h.started_at = q.started_at
group by h.key, q.operation, q.reason, q.outcome, q.marks, q.first, q.unaborted_first
