//! The runs of a unit one by one, with all that was found in each.

use leptos::prelude::*;

use super::limits::Failed;
use crate::backend::{FoundCode, UnitRun};
use crate::pages::decide::Void;
use crate::ui::meaning::Meant;
use crate::ui::table::{Column, Table};
use crate::ui::{badge, time};

/// All of them, the latest on top.
#[component]
pub fn Runs(runs: Vec<UnitRun>, serial: String) -> impl IntoView {
    let row = |run| view! { <Run run serial=serial.clone()/> };
    let rows: Vec<_> = runs.into_iter().rev().map(row).collect();
    let shown = match rows.is_empty() {
        true => view! { <p>"No run of this unit is kept."</p> }.into_any(),
        false => view! { <ol class="runs" reversed>{rows}</ol> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="runs-title">
            <h2 id="runs-title">"What did each run find?"</h2>
            {shown}
        </section>
    }
}

#[component]
fn Run(run: UnitRun, serial: String) -> impl IntoView {
    let decision = view! { <Void run=run.clone() serial/> };
    let place = [
        run.station.as_ref().map(|station| format!("station {station}")),
        run.fixture.as_ref().map(|fixture| format!("fixture {fixture}")),
        run.software.as_ref().map(|software| format!("software {software}")),
        run.seconds.map(time::duration),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let attempt = run.attempt.map(|attempt| format!("attempt {attempt}"));
    let odd: Vec<_> = run.flags.iter().map(|flag| flag.as_str().replace('_', " ")).collect();
    let odd = (!odd.is_empty()).then(|| format!("Flagged: {}.", odd.join(", ")));
    // What passed is not worth a line each.
    let (findings, fine): (Vec<_>, Vec<_>) = run.findings.into_iter().partition(|it| it.failing);
    let fine = (!fine.is_empty()).then(|| {
        let codes: Vec<_> = fine.into_iter().map(|found| found.code).collect();
        format!("Nothing wrong: {}", codes.join(", "))
    });
    let findings: Vec<_> = findings.into_iter().map(|found| view! { <Found found/> }).collect();
    let failed: Vec<_> = run.failed.into_iter().map(|check| view! { <Failed check/> }).collect();
    let columns = vec![
        Column::text("Failing measurement"),
        Column::text("Of"),
        Column::number("Value"),
        Column::number("Limits"),
        Column::unnamed("Where in the limits"),
    ];
    let failed = (!failed.is_empty()).then(|| {
        view! {
            <Table label=format!("Failing measurements of {}", run.started.local) columns class="checks stacks">{failed}</Table>
        }
    });
    let voided = run.voided.then(|| view! { <span class="badge muted">"voided"</span> });
    view! {
        <li id=format!("run-{}", run.id) class:voided=run.voided>
            <p class="run-head">
                {badge::outcome(run.outcome)}
                <strong>{run.operation}</strong>
                {attempt.map(|attempt| view! { <span class="quiet-text">{attempt}</span> })}
                {voided}
                <span class="run-at">{time::at(&run.started)}</span>
            </p>
            <p class="run-place">{place.join(" · ")}</p>
            {decision}
            {run.code.filter(|_| findings.is_empty()).map(|code| view! { <p><code>{code}</code></p> })}
            {(!findings.is_empty()).then(|| view! { <ul class="findings">{findings}</ul> })}
            {failed}
            {fine.map(|fine| view! { <p class="quiet-text">{fine}</p> })}
            {odd.map(|odd| view! { <p class="quiet-text">{odd}</p> })}
        </li>
    }
}

#[component]
fn Found(found: FoundCode) -> impl IntoView {
    let of = found.component.map(|component| format!(" on {component}"));
    let message = found.message.filter(|message| !message.is_empty());
    view! {
        <li class:failing=found.failing>
            <code>{found.code}</code>
            {format!(" {}", found.kind)}{of}{message.map(|message| format!(": {message}"))}
            {found.meaning.map(|meaning| view! { <Meant meaning/> })}
        </li>
    }
}
