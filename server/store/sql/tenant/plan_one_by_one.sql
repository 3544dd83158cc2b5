-- For what follows in the transaction: few rows are looked up in large tables, each by
-- its key. Left alone, the planner takes a large array for a reason to read a table of
-- which it knows nothing yet from end to end, and keeps a plan that was made while it
-- was empty.
select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('enable_nestloop', 'on', true),
       set_config('plan_cache_mode', 'force_custom_plan', true)
