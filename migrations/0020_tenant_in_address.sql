-- The address of a request names its tenant. Whoever finds out who is calling may look a
-- slug up, and whether a view of an internal person is in the audit already.
create policy log_in on tenant for select to firstpass_auth using (true);
grant select (id, slug) on tenant to firstpass_auth;
create policy views on audit for select to firstpass_auth using (action = 'look');
grant select (id, tenant_id, at, actor, action) on audit to firstpass_auth;

-- The tenant of an internal person was kept in the session.
drop policy tenant on session;
alter table session drop column tenant_id;
