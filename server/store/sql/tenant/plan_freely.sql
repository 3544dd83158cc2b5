-- For what follows in the transaction: much of the tenant is read at once, and the planner
-- may do as it likes.
select set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),
       set_config('enable_mergejoin', 'on', true), set_config('enable_nestloop', 'on', true),
       set_config('enable_material', 'on', true)
