select id, cron, timezone, statement_timestamp() as now
from schedule
where enabled and next_at <= statement_timestamp()
order by next_at limit 100 for update skip locked
