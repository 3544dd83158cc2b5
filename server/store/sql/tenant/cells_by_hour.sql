-- What a question is about, as cells by hour of the site. Runs are grouped by the moment at which their
-- hour began; only each such hour, not each run, is written as text, which costs more than all else.
with cell as (
    select date_trunc('hour', started_at, (select timezone from tenant where id = $1)) as hour,
           operation, reason, outcome, marks, first, unaborted_first,
           count(*) as runs, coalesce(sum(attempts), 0)::bigint as attempts,
           coalesce(sum(unaborted_attempts), 0)::bigint as unaborted_attempts,
           sum(defects)::bigint as defects, sum(opportunities)::bigint as opportunities
    from runs_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    group by 1, operation, reason, outcome, marks, first, unaborted_first
), named as materialized (
    select hour, local_hour(hour, (select timezone from tenant where id = $1)) as key
    from (select distinct hour from cell) hours
)
select n.key, null::date as key_day, c.operation, c.reason, c.outcome, c.marks, c.first, c.unaborted_first,
       c.runs, c.attempts, c.unaborted_attempts, c.defects, c.opportunities
from cell c
join named n on n.hour = c.hour
