-- For what follows in the transaction: few rows are looked up in large tables, each by its key.
-- Left alone, the planner takes a large array for a reason to read a table of which it knows
-- nothing yet from end to end. Without a materialized inner side, the only nested loop that is
-- cheap is one over an index.
select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_material', 'off', true)
