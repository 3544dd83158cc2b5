-- Upsert that applies the staged changes of runs to the cells; the caller then empties the stage.
insert into yield_cell as c (tenant_id, day, attribute, reason, outcome, marks, first, unaborted_first,
                             operation, value, runs, attempts, unaborted_attempts, defects, opportunities)
select $1, s.day, a.attribute, s.reason, s.outcome, s.marks,
       s.run_index is not distinct from 1, s.unaborted_index is not distinct from 1, s.operation, a.value,
       sum(s.sign), coalesce(sum(s.sign * s.attempts), 0), coalesce(sum(s.sign * s.unaborted_attempts), 0),
       sum(s.sign * s.defects), sum(s.sign * s.opportunities)
from stage_cell s
cross join lateral (values (0::smallint, null), (1::smallint, s.product), (4::smallint, s.station)) a (attribute, value)
group by 2, 3, 4, 5, 6, 7, 8, 9, 10
-- Omits changes that cancel out: many leave a run in its cell.
having sum(s.sign) <> 0 or coalesce(sum(s.sign * s.attempts), 0) <> 0
    or coalesce(sum(s.sign * s.unaborted_attempts), 0) <> 0
    or sum(s.sign * s.defects) <> 0 or sum(s.sign * s.opportunities) <> 0
order by 3, 2, 9, 10
on conflict on constraint yield_cell_key do update
set runs = c.runs + excluded.runs, attempts = c.attempts + excluded.attempts,
    unaborted_attempts = c.unaborted_attempts + excluded.unaborted_attempts,
    defects = c.defects + excluded.defects, opportunities = c.opportunities + excluded.opportunities
