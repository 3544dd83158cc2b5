-- Roles belong to the cluster, not to a database, so they are made here and not
-- in a numbered migration. Safe to run again, and by several servers at once.
-- Needs CREATEROLE only for what is missing; whoever lacks it hands this file to
-- the database's keeper.
do $$
declare
    door text;
begin
    foreach door in array array['firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs'] loop
        if not exists (select from pg_roles where rolname = door) then
            begin
                execute format('create role %I nologin noinherit', door);
            exception when duplicate_object or unique_violation then
                null; -- another server was faster
            end;
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'firstpass_login') then
        begin
            create role firstpass_login login noinherit;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end if;
    foreach door in array array['firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs'] loop
        if not pg_has_role('firstpass_login', door, 'member') then
            begin
                if current_setting('server_version_num')::int >= 160000 then
                    execute format('grant %I to firstpass_login with inherit false, set true', door);
                else
                    execute format('grant %I to firstpass_login', door);
                end if;
            exception when unique_violation then
                null;
            end;
        end if;
    end loop;
end
$$;
