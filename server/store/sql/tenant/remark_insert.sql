insert into receipt_remark (tenant_id, receipt_id, seq, line, code, why)
select $1, $2, t.seq, t.line, t.code, t.why
from unnest($3::bigint[], $4::text[], $5::text[]) with ordinality as t (line, code, why, seq)
on conflict do nothing
