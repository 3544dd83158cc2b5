-- Every reason not to serve from this database, one per row; none if it is safe.
with tenant_tables as (
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
    from pg_class c
    where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p')
      and (c.relname = 'tenant' or exists (
          select from pg_attribute a
          where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
), policies as (
    select p.polrelid, p.polname, p.polcmd, p.polpermissive,
           pg_get_expr(p.polqual, p.polrelid) as qual,
           pg_get_expr(p.polwithcheck, p.polrelid) as with_check
    from pg_policy p
    where 0 = any (p.polroles)
       or (select oid from pg_roles where rolname = 'firstpass_app') = any (p.polroles)
)
select format('role %s is a superuser or may bypass row-level security', rolname) as problem
from pg_roles
where (rolsuper or rolbypassrls)
  and rolname in (session_user, 'firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs')
union all
select format('role %s owns table %s and could switch its protection off', session_user, c.relname)
from pg_class c
join pg_roles r on r.oid = c.relowner
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and pg_has_role(session_user, r.oid, 'member')
union all
select format('role %s may not become %s', session_user, door)
from unnest(array['firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs']) door
where not exists (select from pg_roles where rolname = door)
   or not pg_has_role(session_user, (select oid from pg_roles where rolname = door), 'member')
union all
select format('role %s may use table %s without a door: it must be NOINHERIT and have no grants', session_user, relname)
from tenant_tables
where has_table_privilege(session_user, oid, 'select, insert, update, delete')
union all
select format('role %s is a member of %s', m.rolname, o.rolname)
from pg_auth_members a
join pg_roles m on m.oid = a.member
join pg_roles o on o.oid = a.roleid
where m.rolname in ('firstpass_auth', 'firstpass_app', 'firstpass_admin', 'firstpass_jobs')
union all
select format('role firstpass_jobs may use table %s: only job and schedule are its own', c.relname)
from pg_class c
join pg_roles r on r.rolname = 'firstpass_jobs'
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
  and c.relname not in ('job', 'schedule')
  and has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
union all
select format('table %s has row-level security not enabled and forced', relname)
from tenant_tables
where not (relrowsecurity and relforcerowsecurity)
union all
select format('table %s lacks its tenant policy', t.relname)
from tenant_tables t
where not exists (
    select from policies p
    where p.polrelid = t.oid and p.polname = 'tenant' and p.polcmd = '*' and p.polpermissive
      and p.qual = format('(%s = (current_setting(''app.tenant''::text))::uuid)',
                          case t.relname when 'tenant' then 'id' else 'tenant_id' end)
      and p.with_check = p.qual)
union all
select format('table %s has policy %s beside its tenant policy for firstpass_app', t.relname, p.polname)
from tenant_tables t
join policies p on p.polrelid = t.oid and p.polname <> 'tenant' and p.polpermissive
order by 1
