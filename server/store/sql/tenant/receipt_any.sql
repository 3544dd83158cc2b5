select exists (select from receipt)
