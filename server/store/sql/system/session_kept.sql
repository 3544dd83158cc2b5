-- Behind a pooler that hands out connections by transaction this is null or empty.
select current_setting('firstpass.session', true)
