-- Months that deserve tables of their own and have none yet.
select kept, month from months_due()
