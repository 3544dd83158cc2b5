-- Sessions of a person that have not ended and did not idle too long, the latest used first; at most 100 of
-- `total`.
select id, created_at, last_seen_at, agent, count(*) over () as total
from session
where user_id = $1 and expires_at > $2
  and last_seen_at > $2::timestamptz - make_interval(secs => $3)
order by last_seen_at desc, id
limit 100
