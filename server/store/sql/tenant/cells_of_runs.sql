-- What a question is about, as cells by group.
select key, key_day, operation, reason, outcome, marks, first, unaborted_first,
       count(*) as runs, coalesce(sum(attempts), 0)::bigint as attempts,
       coalesce(sum(unaborted_attempts), 0)::bigint as unaborted_attempts,
       sum(defects)::bigint as defects, sum(opportunities)::bigint as opportunities
from runs_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
group by key, key_day, operation, reason, outcome, marks, first, unaborted_first
