-- Planner settings for the rest of the transaction: statements join many rows with many. The
-- planner has poor statistics of staged or computed rows, and none of rows that this transaction
-- inserted. So nested loops over both sides are disabled; the monthly partitions are large enough
-- for their indexes.
select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'on', true),
       set_config('enable_mergejoin', 'on', true), set_config('enable_nestloop', 'off', true),
       set_config('enable_material', 'on', true)
