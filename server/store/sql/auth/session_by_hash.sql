-- The user of a session, with the tenants that they belong to.
select s.id as session_id, s.user_id, u.email, u.internal_role, u.language,
       m.tenant_ids, m.slugs, m.roles, m.suspended
from session s
join app_user u on u.id = s.user_id
cross join lateral (
    select coalesce(array_agg(t.id order by t.slug), '{}') as tenant_ids,
           coalesce(array_agg(t.slug order by t.slug), '{}') as slugs,
           coalesce(array_agg(m.role order by t.slug), '{}') as roles,
           coalesce(array_agg(t.suspended_at is not null order by t.slug), '{}') as suspended
    from membership m
    join tenant t on t.id = m.tenant_id
    where m.user_id = u.id and m.disabled_at is null
) m
where s.token_hash = $1
  and u.disabled_at is null
  and s.expires_at > $2
  and s.last_seen_at > $2::timestamptz - make_interval(secs => $3)
