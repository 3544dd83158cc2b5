-- The runs of a query, counted or not, aggregated into cells of equal values, unordered, with the
-- attribute $8; no rows if there are more than $7 cells. Materialized, so that the number is
-- known before the first row is sent.
with cells as materialized (
    select r.day, r.reason, r.outcome, r.marks,
           r.run_index is not distinct from 1 as first, r.unaborted_index is not distinct from 1 as unaborted_first,
           r.operation, r.product, r.station, r.fixture, r.software, r.code,
           r.attributes ->> $8::text as attribute, count(*) as runs
    from runs_matching($1, $2, $3, $4, $5, $6) r
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
    limit $7 + 1
)
select day, reason, outcome, marks, first, unaborted_first, runs,
       operation, product, station, fixture, software, code, attribute
from cells
where (select count(*) from cells) <= $7
