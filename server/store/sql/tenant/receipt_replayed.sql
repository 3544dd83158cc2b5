-- The last replay of an upload ($2) that yielded records, and whether it had these parameters
-- ($3).
select id, params = $3 as same from receipt
where tenant_id = $1 and origin_id = $2 and replay_of is not null
  and accepted + updated + duplicates + repairs_accepted + repairs_updated + repairs_duplicates > 0
order by id desc
limit 1
