-- Keyset page of receipts, newest first: ids are ordered by time.
select t.id, t.received_at, t.format, t.params, t.actor, t.raw_sha256, u.bytes, t.replay_of,
       t.accepted, t.updated, t.duplicates, t.rejected, t.warnings,
       t.repairs_accepted, t.repairs_updated, t.repairs_duplicates
from receipt t
join raw_upload u on u.tenant_id = t.tenant_id and u.sha256 = t.raw_sha256
where t.tenant_id = $1 and ($2::uuid is null or t.id < $2)
order by t.id desc
limit $3
