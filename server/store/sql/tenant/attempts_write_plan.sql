-- The few kept runs whose number changed are reached one by one, by their key.
select set_config('enable_nestloop', 'on', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)
