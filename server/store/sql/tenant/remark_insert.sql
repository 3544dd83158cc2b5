insert into receipt_remark (tenant_id, receipt_id, seq, line, code, why, lines)
select $1, $2, t.seq, t.line, t.code, t.why, t.lines
from unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[]) with ordinality as t (line, code, why, lines, seq)
on conflict do nothing
