with added as (
    insert into run (tenant_id, id, unit_id, started_at, ended_at, defects, opportunities, day, flags,
                     run_index, unaborted_index, attempts, unaborted_attempts, marks,
                     reason, first_at, unaborted_first_at, outcome,
                     unit_kind, voided, operation, code, test_name, product, revision, level,
                     station, fixture, slot, operator, software, producer_id, attributes)
    select $1, s.id, a.unit_id, s.started_at, s.ended_at, s.defects, s.opportunities, a.day, s.flags,
           a.run_index, a.unaborted_index, a.attempts, a.unaborted_attempts, a.marks,
           a.reason, a.first_at, a.unaborted_first_at, s.outcome,
           s.unit_kind, a.voided, s.operation, s.code, s.test_name, s.product, s.revision, s.level,
           s.station, s.fixture, s.slot, s.operator, s.software, s.producer_id, s.attributes
    from stage_run s
    join stage_attempt a on a.id = s.id and a.staged
    on conflict do nothing
    returning day, reason, outcome, marks, run_index, unaborted_index, operation, product, station,
              attempts, unaborted_attempts, defects, opportunities
)
insert into stage_cell (sign, day, reason, outcome, marks, run_index, unaborted_index, operation, product, station, attempts, unaborted_attempts, defects, opportunities)
select 1, added.* from added
