-- What an upload needs of the database, without leaving a trace: its role, the procedural
-- language of the triggers, the files of the time zones, and a temporary table. That one
-- stays with the connection, so that probing again writes nothing into the catalogs.
select set_config('statement_timeout', '5000', true);
set local role firstpass_app;
do $$ begin null; end $$;
create temporary table if not exists readiness_probe (at timestamp) on commit delete rows;
insert into readiness_probe select now() at time zone 'America/New_York';
