-- Failure codes of runs, most frequent first.
select coalesce(r.code, 'unspecified') as code
from run r
where r.tenant_id = $1 and r.outcome between 1 and 4 and not r.voided
group by 1
order by count(*) desc, 1
limit $2
