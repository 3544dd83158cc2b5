-- A setting of the session, to be found again by the next statement on this connection.
select set_config('firstpass.session', 'kept', false)
