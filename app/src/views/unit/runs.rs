//! The runs of a unit with their findings.

use leptos::prelude::*;
use messages::Locale;

use super::decide::VoidForm;
use super::limits::FailedMeasurement;
use crate::backend::{FoundCode, UnitHistory, UnitRun};
use crate::ui::locale::{sentence, use_locale};
use crate::ui::meaning::CodeMeaning;
use crate::ui::name::{Name, Prose, isolated};
use crate::ui::query::{unit, unit_runs};
use crate::ui::table::{Column, Table};
use crate::ui::{badge, label, time};

/// A page of runs, newest first, with links to the other pages.
#[component]
pub fn Runs(history: UnitHistory) -> impl IntoView {
    let t = use_locale();
    let note = history.page_note(t).map(|note| view! { <p class="figure-note">{note}</p> });
    let UnitHistory { serial, runs, from, older, runs_total, runs_newer, .. } = history;
    let row = |run| view! { <Run run serial=serial.clone() from=from.clone()/> };
    let rows: Vec<_> = runs.into_iter().rev().map(row).collect();
    // The list is numbered in reverse, down to the first run.
    let start = (runs_newer > 0).then(|| runs_total.saturating_sub(runs_newer).to_string());
    let shown = match (rows.is_empty(), runs_total) {
        (true, 0) => view! { <p>{t.unit_no_runs()}</p> }.into_any(),
        (true, _) => view! { <p>{t.unit_no_older_runs()}</p> }.into_any(),
        (false, _) => view! { <ol class="runs" reversed start=start>{rows}</ol> }.into_any(),
    };
    let newest = from.is_some().then(|| {
        let href = unit(&serial);
        view! { <a class="button" href=href>{t.unit_newest_runs()}</a>" " }
    });
    let older = older.map(|from| {
        let href = unit_runs(&serial, Some(&from));
        view! { <a class="button" href=href rel="next">{t.unit_older_runs()}</a> }
    });
    let pages = (newest.is_some() || older.is_some()).then(|| view! { <p>{newest}{older}</p> });
    view! {
        <section class="card" aria-labelledby="runs-title">
            <h2 id="runs-title">{t.unit_runs_title()}</h2>
            {note}
            {shown}
            {pages}
        </section>
    }
}

impl UnitHistory {
    /// The range of runs on the page, unless it has all of them.
    pub(super) fn page_note(&self, t: Locale) -> Option<String> {
        let (first, last) = (self.runs_newer + 1, self.runs_newer + self.runs.len() as u64);
        (!self.runs.is_empty() && (self.runs.len() as u64) < self.runs_total)
            .then(|| t.unit_run_range(first, last, self.runs_total))
    }
}

#[component]
fn Run(run: UnitRun, serial: String, from: Option<String>) -> impl IntoView {
    let t = use_locale();
    let decision = view! { <VoidForm run=run.clone() serial from/> };
    let place = [
        run.station.as_ref().map(|station| t.run_station(isolated(station))),
        run.fixture.as_ref().map(|fixture| t.run_fixture(isolated(fixture))),
        run.software.as_ref().map(|software| t.run_software(isolated(software))),
        run.seconds.map(|seconds| time::duration(t, seconds)),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let attempt = run.attempt.map(|attempt| t.run_attempt(u64::from(attempt)));
    let flags: Vec<_> = run.flags.iter().map(|flag| label::flag(t, *flag)).collect();
    let flags = (!flags.is_empty()).then(|| t.unit_run_flags(flags.join(", ")));
    let failing = Some(run.failed.left_out()).filter(|more| *more > 0);
    let others = Some(run.findings.left_out()).filter(|more| *more > 0);
    let left_out = [
        failing.map(|more| t.unit_failing_left_out(more)),
        others.map(|more| t.unit_findings_left_out(more)),
    ];
    let left_out: Vec<_> = left_out.into_iter().flatten().collect();
    let left_out = (!left_out.is_empty()).then(|| left_out.join(" "));
    // Passed checks share one line.
    let (findings, passing): (Vec<_>, Vec<_>) =
        run.findings.rows.into_iter().partition(|it| it.failing);
    let passing = (!passing.is_empty()).then(|| {
        let codes: Vec<_> = passing.into_iter().map(|found| isolated(&found.code)).collect();
        t.unit_passed_checks(codes.join(", "))
    });
    let findings: Vec<_> =
        findings.into_iter().map(|found| view! { <FindingItem found/> }).collect();
    let failed: Vec<_> =
        run.failed.rows.into_iter().map(|check| view! { <FailedMeasurement check/> }).collect();
    let columns = vec![
        Column::text(t.unit_measurement()),
        Column::text(t.unit_measurement_of()),
        Column::number(t.unit_measurement_value()),
        Column::number(t.unit_measurement_limits()),
        Column::unnamed(t.unit_measurement_position()),
    ];
    let failed = (!failed.is_empty()).then(|| {
        view! {
            <Table label=t.unit_measurements_label(&run.started.local) columns class="checks stacks">{failed}</Table>
        }
    });
    let voided = run.voided.then(|| view! { <span class="badge muted">{t.unit_voided()}</span> });
    view! {
        <li id=format!("run-{}", run.id) class:voided=run.voided>
            <p class="run-head">
                {badge::outcome(run.outcome)}
                <strong><Name of=run.operation/></strong>
                {attempt.map(|attempt| view! { <span class="quiet-text">{attempt}</span> })}
                {voided}
                <span class="run-at">{time::at(&run.started)}</span>
            </p>
            <p class="run-place">{place.join(" · ")}</p>
            {decision}
            {run.code.filter(|_| findings.is_empty()).map(|code| view! { <p><code><Name of=code/></code></p> })}
            {(!findings.is_empty()).then(|| view! { <ul class="findings">{findings}</ul> })}
            {failed}
            {left_out.map(|left_out| view! { <p class="quiet-text">{left_out}</p> })}
            {passing.map(|passing| view! { <p class="quiet-text">{passing}</p> })}
            {flags.map(|flags| view! { <p class="quiet-text">{flags}</p> })}
        </li>
    }
}

#[component]
fn FindingItem(found: FoundCode) -> impl IntoView {
    let kind = match found.component {
        Some(of) => {
            let component = view! { <Name of/> }.into_any();
            sentence(use_locale().unit_finding_on(found.kind, component)).into_any()
        }
        None => found.kind.into_any(),
    };
    let message = found.message.filter(|message| !message.is_empty());
    view! {
        <li class:failing=found.failing>
            <code><Name of=found.code/></code>
            " "{kind}{message.map(|of| view! { ": "<Prose of/> })}
            {found.meaning.map(|meaning| view! { <CodeMeaning meaning/> })}
        </li>
    }
}
