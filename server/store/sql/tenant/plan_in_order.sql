-- Planner settings for the rest of the transaction: statements read rows in index order up to
-- their limit, and never sort all of them.
select set_config('enable_sort', 'off', true)
