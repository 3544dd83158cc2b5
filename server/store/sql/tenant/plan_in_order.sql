-- For what follows in the transaction: rows are read in the order of an index until there are
-- enough of them, never all of them to be sorted.
select set_config('enable_sort', 'off', true)
