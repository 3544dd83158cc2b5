-- Null or empty behind a connection pooler in transaction mode.
select current_setting('firstpass.session', true)
