select id, origin_id from receipt
where raw_sha256 = $1 and format = $2 and params = $3
order by received_at, id
limit 1
