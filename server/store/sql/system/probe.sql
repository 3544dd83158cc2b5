-- Readiness probe: uses what an upload needs of the database and rolls back. That is the role,
-- the procedural language of the triggers, the time zone files, and a temporary table. The table
-- lives as long as the connection, so that repeated probes do not write to the catalogs.
select set_config('statement_timeout', '5000', true);
set local role firstpass_app;
do $$ begin null; end $$;
create temporary table if not exists readiness_probe (at timestamp) on commit delete rows;
insert into readiness_probe select now() at time zone 'America/New_York';
