-- A remark that stands for several lines, which are not listed one by one, says how many.
alter table receipt_remark add lines bigint not null default 1;
