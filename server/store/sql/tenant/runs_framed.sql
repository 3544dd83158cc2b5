-- The runs of a query, counted or not, unordered; with the last measured value of the parameters
-- $7 in each, and the attribute $8.
select r.day, r.reason, r.outcome, r.marks,
       r.run_index is not distinct from 1 as first, r.unaborted_index is not distinct from 1 as unaborted_first,
       r.started_at, r.ended_at, v.value,
       r.operation, r.product, r.revision, r.level, r.station, r.fixture, r.slot, r.operator, r.software, r.code,
       r.attributes ->> $8::text as attribute
from runs_matching($1, $2, $3, $4, $5, $6) r
left join last_measured($1, $7, $2, $3) v on v.run_id = r.id
