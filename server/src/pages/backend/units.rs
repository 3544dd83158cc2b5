//! Loads units for the pages.

use std::collections::HashMap;

use app::backend::{
    Decided, FailedCheck, Fix, FoundCode, Listed, Part, Repaired, Search, UnitHistory, UnitLine,
    UnitList, UnitRun,
};
use app::explore::State;
use chrono::{DateTime, NaiveDate, Utc};
use domain::dimension::{Field, Filters};
use domain::yields::{Aborted, Bound, Definition};
use domain::{FindingOutcome, Outcome, UnitKind};
use serde_json::Value;
use store::units::{
    Decision, FailedMeasurement, RunCounts, RunCursor, Slice, UnitDetails, UnitFinding,
};
use store::yields::Question;
use store::{TenantTx, codes};

use super::ServerBackend;
use super::clocks::Clocks;
use super::meaning::meaning;
use super::overview::last_days;
use super::repairs;
use crate::catalogue::look_up;
use crate::clock;
use crate::problem::{ApiResult, Problem};
use crate::queries::units::{flags, future};
use crate::web::paging::cut_page;

/// Units per page.
const PAGE: u16 = 50;
/// Maximum number of runs and of repairs on the page of a unit.
const MAX_RUNS: u16 = 100;
/// Maximum number of parts on the page of a unit.
const MAX_PARTS: u16 = 500;
/// Maximum number of failure codes in the filter.
const MAX_CODES: u16 = 200;
/// Days of the repairs of other units.
const FIX_DAYS: u16 = 365;

impl ServerBackend {
    pub(super) async fn find_units(&self, search: Search) -> ApiResult<UnitList> {
        let Search { part, after, code, kind: wanted, not_passed, slice, slice_not_passed } =
            search;
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let today = clocks.day(DateTime::<Utc>::from(clock::now()));
        let texts = [Some(&part), after.as_ref(), code.as_ref()];
        // PostgreSQL text cannot contain NUL, so nothing has such a name; and nothing has a
        // value of an unknown measurement.
        let matches_nothing = texts.into_iter().flatten().any(|text| text.contains('\0'));
        let values = slice.as_ref().and_then(|state| state.filters.values);
        let name = slice.as_ref().and_then(|state| state.measurement.as_deref());
        let measurement = match name.filter(|_| values.is_some()) {
            Some(name) => tx.measurement(name).await?,
            None => None,
        };
        let measured = measurement.as_ref().zip(values).map(|(of, it)| (of, it.from, it.to));
        let matches_nothing = matches_nothing || (values.is_some() && measured.is_none());
        let filters = slice.as_ref().map(app::explore::State::to_dimensions);
        let search = store::units::Search {
            part: &part,
            after: after.as_deref(),
            code: code.as_deref(),
            kind: wanted,
            not_passed,
            slice: slice.as_ref().map(|state| Slice {
                measured,
                filters: filters.as_ref(),
                ..sliced(state, slice_not_passed, today)
            }),
        };
        let mut units = match matches_nothing {
            true => Vec::new(),
            false => tx.units(&search, PAGE + 1).await?,
        };
        let next = cut_page(&mut units, PAGE).and(units.last()).map(|last| last.serial.clone());
        let any = !units.is_empty() || !tx.units(&Default::default(), 1).await?.is_empty();
        let codes = tx.failed_codes(MAX_CODES).await?;
        Ok(UnitList {
            next,
            any,
            codes,
            units: units
                .into_iter()
                .map(|unit| UnitLine {
                    serial: unit.serial,
                    kind: kind(unit.kind),
                    product: unit.product,
                    revision: unit.revision,
                    runs: unit.runs.unsigned_abs(),
                    latest: unit.started_at.map(|at| clocks.at(at)),
                    outcome: unit.outcome.and_then(codes::outcome_of),
                })
                .collect(),
        })
    }

    pub(in crate::pages) async fn load_unit(
        &self,
        serial: String,
        from: Option<String>,
    ) -> ApiResult<UnitHistory> {
        if serial.contains('\0') {
            return Err(Problem::not_found());
        }
        let from: Option<RunCursor> =
            from.map(|text| text.parse()).transpose().map_err(|_| Problem::not_found())?;
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let unit = tx.unit(serial.trim()).await?.ok_or_else(Problem::not_found)?;
        let mut runs = tx.unit_runs(unit.id, from, MAX_RUNS + 1).await?;
        let older = cut_page(&mut runs, MAX_RUNS);
        let RunCounts { runs: all, newer, newer_from } = tx.unit_run_counts(unit.id, from).await?;
        let latest = match newer {
            0 => runs.first().cloned(),
            _ => tx.unit_runs(unit.id, None, 1).await?.pop(),
        };
        let fix = match &latest {
            Some(run) if !run.voided && codes::outcome_of(run.outcome) == Some(Outcome::Fail) => {
                fix(&mut tx, run, clocks).await?
            }
            _ => None,
        };
        // A page shows the repairs in the time range of its runs.
        let since = older.as_ref().and(runs.last()).map(|run| run.started_at);
        let repairs = tx.unit_repairs(unit.id, (since, newer_from), MAX_RUNS).await?;
        let components = tx.unit_components(unit.id, MAX_PARTS).await?;
        let UnitDetails { failed, findings, elsewhere } =
            tx.unit_details(unit.id, &runs, &components).await?;
        let mut failed = by_run(failed, |it| it.run_id);
        let mut findings = by_run(findings, |it| it.run_id);
        let mut other_units = by_run(elsewhere, |it| it.part.clone());
        let ahead = future();
        let times =
            || runs.iter().map(|run| run.started_at).chain(repairs.iter().map(|repair| repair.at));
        let clock = times().min().zip(times().max()).map(|(from, to)| clocks.between(from, to));
        Ok(UnitHistory {
            as_of: clocks.at(clock::now().into()),
            serial: unit.serial,
            kind: kind(unit.kind),
            kind_said: kind(unit.kind_said),
            fix,
            kind_is_set: unit.kind_is_set,
            kind_set: unit.kind_set.map(|it| decided(it, clocks)),
            product: latest.as_ref().and_then(|run| run.product.clone()),
            revision: latest.as_ref().and_then(|run| run.revision.clone()),
            from: from.map(|cursor| cursor.to_string()),
            older: older.map(|run| run.cursor().to_string()),
            runs_total: all.unsigned_abs(),
            runs_newer: newer.unsigned_abs(),
            parts_total: components.first().map_or(0, |part| part.total).unsigned_abs(),
            repairs_total: repairs.first().map_or(0, |repair| repair.total).unsigned_abs(),
            zone: clocks.zone(),
            clock: clock.unwrap_or_default(),
            runs: runs
                .into_iter()
                .rev()
                .map(|run| UnitRun {
                    id: run.id.to_string(),
                    void: run.void().map(|it| decided(it, clocks)),
                    attempt: run.run_index.map(i32::unsigned_abs),
                    started: clocks.at(run.started_at),
                    seconds: run
                        .ended_at
                        .and_then(|end| u64::try_from((end - run.started_at).num_seconds()).ok()),
                    outcome: codes::outcome_of(run.outcome).unwrap_or(Outcome::Error),
                    flags: flags(&run, ahead).iter().collect(),
                    failed: listed(failed.remove(&run.id), |it| it.total, check),
                    findings: listed(findings.remove(&run.id), |it| it.total, found),
                    receipt: run.receipt_id.to_string(),
                    operation: run.operation,
                    code: run.code,
                    station: run.station,
                    fixture: run.fixture,
                    software: run.software,
                    voided: run.voided,
                })
                .collect(),
            parts: components
                .into_iter()
                .map(|part| Part {
                    elsewhere: listed(
                        part.serial.as_ref().and_then(|serial| other_units.remove(serial)),
                        |it| it.total,
                        |it| (it.serial, it.failed),
                    ),
                    serial: part.serial,
                    part: part.part,
                    slot: part.slot,
                    name: part.name,
                    first_seen: clocks.at(part.first_seen),
                    last_seen: clocks.at(part.last_seen),
                })
                .collect(),
            repairs: repairs
                .into_iter()
                .map(|repair| Repaired {
                    at: clocks.at(repair.at),
                    action: repair.action,
                    defect: repair.defect,
                    out: repair.component_out.as_ref().and_then(component),
                    put_in: repair.component_in.as_ref().and_then(component),
                    comment: repair.comment.filter(|text| !text.is_empty()),
                })
                .collect(),
        })
    }
}

/// What fixed other units that failed as this run did, in the last year.
async fn fix(
    tx: &mut TenantTx,
    run: &store::units::UnitRun,
    clocks: Clocks,
) -> ApiResult<Option<Fix>> {
    let Some(code) = run.code.clone() else { return Ok(None) };
    let now = clock::now();
    let window = last_days(clocks.day(now.into()), FIX_DAYS);
    let mut filters = Filters::default();
    filters.add(Field::Code, code.clone());
    filters.add(Field::Operation, run.operation.clone());
    let question = Question {
        from: window.map(|(first, _)| Bound::Day(first)),
        to: None,
        filters,
        group_by: Vec::new(),
        definition: Definition::default(),
        aborted: Aborted::Counted,
    };
    let outcomes = repairs::outcomes(tx, &question, now).await?;
    Ok(Some(Fix { code, operation: run.operation.clone(), outcomes }))
}

/// What Explore shows in a state, today.
fn sliced(state: &State, failed: bool, today: NaiveDate) -> Slice<'_> {
    let window = state.days.and_then(|days| last_days(today, days));
    let (mut from, mut to) = window.unzip();
    if let Some((first, last)) = state.filters.day {
        from = from.max(Some(first));
        let after = last.succ_opt();
        to = to.into_iter().chain(after).min();
    }
    Slice {
        definition: state.definition,
        aborted_excluded: state.basis().aborted() == Aborted::Excluded,
        from,
        to,
        filters: None,
        least_seconds: state.filters.seconds.map(|(least, _)| least),
        most_seconds: state.filters.seconds.and_then(|(_, most)| most),
        failed,
        measured: None,
    }
}

fn decided(Decision { at, by, why }: Decision, clocks: Clocks) -> Decided {
    Decided { at: clocks.at(at), by, why }
}

fn kind(code: i16) -> UnitKind {
    codes::unit_kind_of(code).unwrap_or(UnitKind::Production)
}

fn by_run<K: std::hash::Hash + Eq, T>(all: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for one in all {
        groups.entry(key(&one)).or_default().push(one);
    }
    groups
}

/// The listed rows with their total count.
fn listed<R, T>(
    rows: Option<Vec<R>>,
    total: impl Fn(&R) -> i64,
    row: impl Fn(R) -> T,
) -> Listed<T> {
    let rows = rows.unwrap_or_default();
    let total = rows.first().map_or(0, total).unsigned_abs();
    Listed { rows: rows.into_iter().map(row).collect(), total }
}

fn check(measured: FailedMeasurement) -> FailedCheck {
    FailedCheck {
        step: measured.step.unwrap_or_default(),
        name: measured.name,
        unit: measured.unit,
        value: measured.value,
        other: measured.other.map(|json| json.chars().take(200).collect()),
        low: measured.low,
        high: measured.high,
        component: measured.component,
    }
}

fn found(finding: UnitFinding) -> FoundCode {
    FoundCode {
        kind: codes::finding_kind_of(finding.kind).map_or("finding", |kind| kind.as_str()),
        failing: codes::finding_outcome_of(finding.outcome) == Some(FindingOutcome::Fail),
        meaning: look_up(finding.system.as_deref(), &finding.code).map(meaning),
        code: finding.code,
        message: finding.message,
        component: finding.component,
    }
}

/// A part in a repair: its serial number, or another name.
fn component(part: &Value) -> Option<String> {
    ["serial", "part", "slot", "name"]
        .into_iter()
        .find_map(|name| part.get(name)?.as_str().map(str::to_owned))
}
