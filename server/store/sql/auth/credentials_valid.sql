-- Which of these sessions and tokens are valid for which tenant, with the user's role.
select s.id, c.tenant_id, coalesce(u.internal_role, m.role) as role
from unnest($1::uuid[], $3::uuid[]) c (id, tenant_id)
join session s on s.id = c.id
join app_user u on u.id = s.user_id
join tenant t on t.id = c.tenant_id
left join membership m
    on m.user_id = u.id and m.tenant_id = c.tenant_id and m.disabled_at is null
where u.disabled_at is null and s.expires_at > $2
  and (u.internal_role is not null or m.role is not null and t.suspended_at is null)
union all
select k.id, k.tenant_id, null
from api_token k
join tenant t on t.id = k.tenant_id
where k.id = any($1) and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
  and t.suspended_at is null
