select id, accepted, updated, duplicates, rejected, warnings,
       repairs_accepted, repairs_updated, repairs_duplicates
from receipt
where raw_sha256 = $1 and format = $2 and params = $3
order by received_at, id
limit 1
