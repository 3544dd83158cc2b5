-- The number of cells that differ from the sums of the runs.
select count(*) from (
    select 1 from (
        select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
               runs, attempts, unaborted_attempts, defects, opportunities
        from run_cell where tenant_id = $1
        union all
        select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
               -runs, -attempts, -unaborted_attempts, -defects, -opportunities
        from yield_cell where tenant_id = $1
    ) both_ways
    group by day, attribute, reason, outcome, marks, first, unaborted_first, operation, value
    having sum(runs) <> 0 or sum(attempts) <> 0 or sum(unaborted_attempts) <> 0
        or sum(defects) <> 0 or sum(opportunities) <> 0
) wrong
