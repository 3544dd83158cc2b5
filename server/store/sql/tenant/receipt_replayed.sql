-- The last replay of an upload ($2) that gave something.
select id from receipt
where tenant_id = $1 and origin_id = $2 and replay_of is not null
  and accepted + updated + duplicates + repairs_accepted + repairs_updated + repairs_duplicates > 0
order by id desc
limit 1
