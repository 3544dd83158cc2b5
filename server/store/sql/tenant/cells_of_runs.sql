-- The runs of a query as cells by group: by the dimensions $8 and $9, if given.
select key_1, key_2, operation, reason, outcome, marks, first, unaborted_first,
       count(*) as runs, coalesce(sum(attempts), 0)::bigint as attempts,
       coalesce(sum(unaborted_attempts), 0)::bigint as unaborted_attempts,
       sum(defects)::bigint as defects, sum(opportunities)::bigint as opportunities
from runs_grouped($1, $2, $3, $4, $5, $6, $7, $8, $9)
group by key_1, key_2, operation, reason, outcome, marks, first, unaborted_first
