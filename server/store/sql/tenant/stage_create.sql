-- Staging tables: COPY does not support tables with row-level security, so uploads are copied to
-- temporary tables first. `arrival` is the index of a delivery in the upload; `unit` and
-- `parameter` are indexes of its serials and parameters, used until their ids are known. The
-- tables live as long as the connection, and every commit empties them. Large uploads need a
-- longer timeout.
select set_config('statement_timeout', '600000', true);
create temporary table if not exists stage_run (
    arrival integer, id uuid, unit integer, unit_kind smallint, started_at timestamptz,
    ended_at timestamptz, outcome smallint, defects bigint, opportunities bigint,
    flags integer, complete boolean, artifacts bigint, content_hash bytea, operation text,
    code text, test_name text, product text, revision text, level text, station text,
    fixture text, slot text, operator text, software text, producer_id text,
    attributes jsonb
) on commit delete rows;
create temporary table if not exists stage_step (
    arrival integer, run_id uuid, run_at timestamptz, started_at timestamptz,
    ended_at timestamptz, loop_index bigint, seq integer, status smallint, name text
) on commit delete rows;
create temporary table if not exists stage_measurement (
    arrival integer, run_id uuid, run_at timestamptz, parameter integer,
    value double precision, low double precision, high double precision,
    started_at timestamptz, ended_at timestamptz, step integer, seq integer,
    cmp smallint, outcome smallint, component text, subcomponent text, other json, checks json
) on commit delete rows;
create temporary table if not exists stage_finding (
    arrival integer, run_id uuid, run_at timestamptz, seq integer, step integer,
    kind smallint, outcome smallint, code text, system text, severity text, message text,
    component text, subcomponent text
) on commit delete rows;
create temporary table if not exists stage_component (
    arrival integer, run_id uuid, run_at timestamptz, seq integer, serial text, part text,
    slot text, name text, lot text
) on commit delete rows;
create temporary table if not exists stage_repair (
    arrival integer, id uuid, unit integer, at timestamptz, content_hash bytea,
    action text, producer_id text, run_id uuid, defect text, component_out json,
    component_in json, comment text
) on commit delete rows;
create temporary table if not exists stage_attempt (
    id uuid, staged boolean, unit_id bigint, operation text, started_at timestamptz,
    day date, voided boolean, run_index integer, unaborted_index integer, attempts integer,
    unaborted_attempts integer, marks smallint, reason smallint, first_at timestamptz,
    unaborted_first_at timestamptz, changed boolean,
    old_run_index integer, old_unaborted_index integer, old_attempts integer,
    old_unaborted_attempts integer, old_marks smallint, old_reason smallint
) on commit delete rows;
-- Changes of runs, for the cells: -1 before, 1 after.
create temporary table if not exists stage_cell (
    sign smallint, day date, reason smallint, outcome smallint, marks smallint,
    run_index integer, unaborted_index integer, operation text, product text, station text,
    attempts integer, unaborted_attempts integer, defects bigint, opportunities bigint
) on commit delete rows
