-- Months that are due a partition of their own and do not have one yet.
select kept, month from months_due()
