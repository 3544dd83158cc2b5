-- Deletes runs ($2) and their details, before the insertion of their replacements. Their units
-- ($3) and starts ($4), in any order, are index conditions that select the partitions; an id is
-- unique. Arrays instead of a join, which the planner could execute in the wrong order.
with steps as (
    delete from step where tenant_id = $1 and run_id = any ($2::uuid[]) and run_at = any ($4::timestamptz[])
), measurements as (
    delete from measurement where tenant_id = $1 and run_id = any ($2) and run_at = any ($4)
), findings as (
    delete from finding where tenant_id = $1 and run_id = any ($2) and run_at = any ($4)
), components as (
    delete from component where tenant_id = $1 and run_id = any ($2) and run_at = any ($4)
), deleted as (
    delete from run
    where tenant_id = $1 and unit_id = any ($3::bigint[]) and started_at = any ($4) and id = any ($2)
    returning day, reason, outcome, marks, run_index, unaborted_index, operation, product, station,
              attempts, unaborted_attempts, defects, opportunities
)
insert into stage_cell (sign, day, reason, outcome, marks, run_index, unaborted_index, operation, product, station, attempts, unaborted_attempts, defects, opportunities)
select -1, deleted.* from deleted
