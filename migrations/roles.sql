-- Creates the database roles. Roles belong to the cluster, not to a database, so a
-- numbered migration cannot create them. Idempotent, and safe to run concurrently.
-- Needs CREATEROLE only if roles or grants are missing; an owner without it must have
-- the database administrator run this file.
do $$
declare
    door text;
begin
    foreach door in array array['firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs'] loop
        if not exists (select from pg_roles where rolname = door) then
            begin
                execute format('create role %I nologin noinherit', door);
            exception when duplicate_object or unique_violation then
                null; -- created concurrently by another server
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
