-- Groups remarks by reason: those that differ only in numbers have the same one. The text is that
-- of the first remark.
select code, sum(lines)::bigint as lines, min(line) as first_line,
       (array_agg(line order by seq))[1:5] as first_lines,
       (array_agg(why order by seq))[1] as why
from receipt_remark
where tenant_id = $1 and receipt_id = $2
group by code, regexp_replace(why, '\d+', '#', 'g')
-- Rejects before warnings.
order by case when code like 'reject:%' then null else code end nulls first,
         sum(lines) desc, min(seq)
limit 100
