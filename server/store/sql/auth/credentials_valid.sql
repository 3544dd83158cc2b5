-- Which of these sessions and tokens are valid, with the role of the person.
select s.id, u.role
from session s
join app_user u on u.id = s.user_id
where s.id = any($1) and u.disabled_at is null and s.expires_at > $2
union all
select id, null from api_token
where id = any($1) and revoked_at is null and (expires_at is null or expires_at > $2)
