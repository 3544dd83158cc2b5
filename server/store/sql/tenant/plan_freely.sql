-- Planner settings for the rest of the transaction: statements read much of the tenant at once,
-- and the planner may use any plan.
select set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),
       set_config('enable_mergejoin', 'on', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_material', 'on', true)
