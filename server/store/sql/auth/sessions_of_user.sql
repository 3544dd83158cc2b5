-- Sessions of a user that have neither expired nor idled too long, latest first; at most 100.
select id, created_at, last_seen_at, agent
from session
where user_id = $1 and expires_at > $2
  and last_seen_at > $2::timestamptz - make_interval(secs => $3)
order by last_seen_at desc, id
limit 100
