-- A session setting, which the next statement on this connection must find.
select set_config('firstpass.session', 'kept', false)
