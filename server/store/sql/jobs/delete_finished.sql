-- Deletes jobs that finished more than $1 days ago, oldest first.
delete from job
where id in (select id from job where finished_at < now() - make_interval(days => $1)
             order by finished_at limit 1000 for update skip locked)
