-- How many cells do not hold what the runs add up to.
select count(*) from (
    (select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
            runs, attempts, unaborted_attempts, defects, opportunities
     from run_cell where tenant_id = $1
     except
     select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
            runs, attempts, unaborted_attempts, defects, opportunities
     from yield_cell where tenant_id = $1)
    union all
    (select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
            runs, attempts, unaborted_attempts, defects, opportunities
     from yield_cell where tenant_id = $1 and runs <> 0
     except
     select day, attribute, reason, outcome, marks, first, unaborted_first, operation, value,
            runs, attempts, unaborted_attempts, defects, opportunities
     from run_cell where tenant_id = $1)
) wrong
