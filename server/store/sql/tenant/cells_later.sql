-- For what follows in the transaction: whether cells follow what is written to runs ('at
-- once'), or are counted anew afterwards ('later').
select set_config('app.cells', $1, true)
