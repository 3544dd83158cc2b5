select seq, line, code, why from receipt_remark
where tenant_id = $1 and receipt_id = $2 and seq > $3
order by seq
limit $4
