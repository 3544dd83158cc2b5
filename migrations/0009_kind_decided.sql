-- Who said what a unit is for, when and why, beside what they said: the audit has it too,
-- but is not a partner's to read.
alter table unit add kind_set_at timestamptz;
alter table unit add kind_set_by text;
alter table unit add kind_set_why text;
