-- COPY refuses tables under row-level security, so rows land here first, beside the
-- serial number that stands for the unit. The table lives as long as the connection and
-- is emptied by every commit.
create temporary table if not exists stage_run on commit delete rows
as select ''::text as serial, run.* from run with no data
