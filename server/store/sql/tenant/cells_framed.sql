-- The runs that a question is about, counted or not, those that are alike together, in no
-- order, with the attribute $8; nothing if that makes more than $7 rows. These are known before
-- the first is sent.
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
