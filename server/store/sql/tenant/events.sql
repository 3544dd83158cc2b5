-- Recorded change events from $2 to before $3, the latest $4.
select id, at, kind, what, scope, recorded_by, recorded_at
from change_event
where tenant_id = $1
  and at >= coalesce($2::timestamptz, '-infinity') and at < coalesce($3::timestamptz, 'infinity')
order by at desc, id desc
limit $4
