-- Planner settings for the rest of the transaction: statements look up few rows of large tables
-- by key. By default, the planner chooses a sequential scan for a large array of keys if it has
-- no statistics of the table yet. Without materialized inner sides, the only cheap nested loop is
-- one over an index.
select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_material', 'off', true)
