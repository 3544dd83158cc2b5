-- For what follows in the transaction: many rows meet many. The planner knows little of staged
-- or computed rows and nothing of rows that this very transaction added. Whatever it makes of
-- them, a nested loop over both sides is what must not happen, and the months are large enough
-- for their indexes.
select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'on', true),
       set_config('enable_mergejoin', 'on', true), set_config('enable_nestloop', 'off', true),
       set_config('enable_material', 'on', true)
