//! What happened to one unit.

use charts::Palette;
use charts::timeline::{self, Lane, Mark};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::decide::{Kind, Void};
use super::frame::{Page, Section};
use crate::backend::{FailedCheck, FoundCode, Part, Repaired, UnitHistory, UnitRun};
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};
use crate::ui::{badge, order, time};

/// Pixels across: a page's, which a narrow one scrolls.
const WIDTH: u32 = 880;

/// The unit's runs, findings, parts and repairs.
#[component]
pub fn Unit() -> impl IntoView {
    let serial = use_params_map().get_untracked().get("serial").unwrap_or_default();
    let title = serial.clone();
    view! {
        <Title text=title/>
        <Page
            section=Section::Units
            load=move |backend| async move { backend.unit(serial).await }
            show=|history| view! { <History history/> }.into_any()
        />
    }
}

#[component]
fn History(history: UnitHistory) -> impl IntoView {
    let drawing = drawing(&history);
    let decision = view! { <Kind history=history.clone()/> };
    let UnitHistory { serial, kind, product, revision, runs, parts, repairs, .. } = history;
    let product = [product, revision].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let counted = match runs.len() {
        0 => "no run yet".to_owned(),
        1 => "1 run".to_owned(),
        many => format!("{many} runs"),
    };
    let runs = match runs.is_empty() {
        true => view! { <p>"No run of this unit is kept."</p> }.into_any(),
        false => view! { <Runs runs serial=serial.clone()/> }.into_any(),
    };
    view! {
        <p class="crumbs"><a href="/units">"Units"</a></p>
        <h1>{serial}" "{badge::kind(kind)}</h1>
        <p class="figure-note">{[product, counted].join(" · ").trim_start_matches(" · ").to_owned()}</p>
        {decision}
        <section class="card" aria-labelledby="runs-title">
            <h2 id="runs-title">"What happened to it?"</h2>
            <div class="chart" tabindex="0" role="region" aria-label="Runs and repairs over time" inner_html=drawing></div>
            {runs}
        </section>
        {(!repairs.is_empty()).then(|| view! { <Repairs repairs/> })}
        {(!parts.is_empty()).then(|| view! { <Parts parts/> })}
    }
}

/// Runs by operation, and repairs, over time.
fn drawing(history: &UnitHistory) -> String {
    let mut lanes: Vec<Lane> = Vec::new();
    for run in &history.runs {
        let outcome = run.outcome.as_str();
        let at = &run.started.local;
        let mark = Mark {
            at: run.started.moment,
            kind: timeline::Kind::Run(run.outcome),
            title: match &run.code {
                Some(code) => format!("{}: {outcome}, {code}, {at}", run.operation),
                None => format!("{}: {outcome}, {at}", run.operation),
            },
            href: Some(format!("#run-{}", run.id)),
        };
        match lanes.iter_mut().find(|lane| lane.label == run.operation) {
            Some(lane) => lane.marks.push(mark),
            None => lanes.push(Lane { label: run.operation.clone(), marks: vec![mark] }),
        }
    }
    lanes.sort_by(|a, b| order::natural(&a.label, &b.label));
    if !history.repairs.is_empty() {
        let mark = |repair: &Repaired| Mark {
            at: repair.at.moment,
            kind: timeline::Kind::Repair,
            title: format!("Repair: {}, {}", repair.action, repair.at.local),
            href: None,
        };
        let marks = history.repairs.iter().map(mark).collect();
        lanes.push(Lane { label: "repairs".to_owned(), marks });
    }
    let axis = format!("Time at the site, {}", history.zone);
    timeline::render(&lanes, history.offset_minutes, &axis, WIDTH, Palette::Page)
}

#[component]
fn Runs(runs: Vec<UnitRun>, serial: String) -> impl IntoView {
    let row = |run| view! { <Run run serial=serial.clone()/> };
    let rows: Vec<_> = runs.into_iter().rev().map(row).collect();
    view! { <ol class="runs" reversed>{rows}</ol> }
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
            <Table label=format!("Failing measurements of {}", run.started.local) columns class="checks">{failed}</Table>
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
            <p class="quiet-text">{place.join(" · ")}</p>
            {run.code.filter(|_| findings.is_empty()).map(|code| view! { <p><code>{code}</code></p> })}
            {(!findings.is_empty()).then(|| view! { <ul class="findings">{findings}</ul> })}
            {failed}
            {fine.map(|fine| view! { <p class="quiet-text">{fine}</p> })}
            {odd.map(|odd| view! { <p class="quiet-text">{odd}</p> })}
            {decision}
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
        </li>
    }
}

#[component]
fn Failed(check: FailedCheck) -> impl IntoView {
    let unit = check.unit.clone().map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
    let value = match (check.value, &check.other) {
        (Some(value), _) => format!("{value}{unit}"),
        (None, Some(other)) => other.clone(),
        (None, None) => "–".to_owned(),
    };
    let limits = match (check.low, check.high) {
        (Some(low), Some(high)) => format!("{low} to {high}{unit}"),
        (Some(low), None) => format!("at least {low}{unit}"),
        (None, Some(high)) => format!("at most {high}{unit}"),
        (None, None) => "–".to_owned(),
    };
    let drawn = place(&check).map(|(low, high, value)| {
        // Pictures of numbers that stand beside them: nothing to read out.
        view! {
            <svg class="limits" viewBox="0 0 100 16" width="100" height="16" aria-hidden="true">
                <line class="limits-line" x1="2" x2="98" y1="8" y2="8"/>
                <rect class="limits-band" x=low y="4" width=high - low height="8"/>
                <circle class="limits-value" cx=value cy="8" r="4"/>
            </svg>
        }
    });
    view! {
        <tr>
            <th scope="row">{check.name}<span class="quiet-text">{format!(" in {}", check.step)}</span></th>
            <td>{check.component}</td>
            <td class="num strong">{value}</td>
            <td class="num">{limits}</td>
            <td>{drawn}</td>
        </tr>
    }
}

/// Where limits and value are on a line of 100: the band of what is allowed takes its
/// middle, or one side where only one end is limited.
fn place(check: &FailedCheck) -> Option<(f64, f64, f64)> {
    let value = check.value.filter(|value| value.is_finite())?;
    let (low, high) = (check.low, check.high);
    let span = match (low, high) {
        (Some(low), Some(high)) if high > low => high - low,
        (Some(limit), None) | (None, Some(limit)) => {
            ((value - limit).abs() * 2.0).max(limit.abs() * 0.02).max(f64::MIN_POSITIVE)
        }
        _ => return None,
    };
    let middle = match (low, high) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        (Some(limit), None) => limit + span / 2.0,
        (None, Some(limit)) => limit - span / 2.0,
        (None, None) => return None,
    };
    let x = |at: f64| (50.0 + 50.0 * (at - middle) / span).clamp(4.0, 96.0);
    Some((low.map_or(2.0, x), high.map_or(98.0, x), x(value)))
}

#[component]
fn Repairs(repairs: Vec<Repaired>) -> impl IntoView {
    let rows: Vec<_> = repairs
        .into_iter()
        .map(|repair| {
            let swapped = match (repair.out, repair.put_in) {
                (None, None) => None,
                (out, put_in) => {
                    let name = |part: Option<String>| part.unwrap_or_else(|| "–".to_owned());
                    Some(format!("{} → {}", name(out), name(put_in)))
                }
            };
            view! {
                <tr>
                    <td>{time::at(&repair.at)}</td>
                    <td>{repair.action}</td>
                    <td>{repair.defect.map(|defect| view! { <code>{defect}</code> })}</td>
                    <td>{swapped}</td>
                    <td class="wrap">{repair.comment}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("When"),
        Column::text("What was done"),
        Column::text("Defect"),
        Column::text("Part out → in"),
        Column::text("Comment"),
    ];
    view! {
        <section class="card" aria-labelledby="repairs-title">
            <h2 id="repairs-title">"What was repaired?"</h2>
            <Table label="Repairs" columns>{rows}</Table>
        </section>
    }
}

#[component]
fn Parts(parts: Vec<Part>) -> impl IntoView {
    let rows: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let elsewhere: Vec<_> = part
                .elsewhere
                .into_iter()
                .map(|(serial, failed)| {
                    let there = if failed { " (not passed)" } else { "" };
                    let page = unit(&serial);
                    view! { <li><a href=page>{serial}</a>{there}</li> }
                })
                .collect();
            view! {
                <tr>
                    <th scope="row">{part.slot.or(part.name)}</th>
                    <td>{part.part}</td>
                    <td><code>{part.serial}</code></td>
                    <td>{time::at(&part.first_seen)}" – "{time::at(&part.last_seen)}</td>
                    <td>{(!elsewhere.is_empty()).then(|| view! { <ul class="plain">{elsewhere}</ul> })}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("Slot"),
        Column::text("Part"),
        Column::text("Serial number"),
        Column::text("Seen"),
        Column::text("Also in"),
    ];
    view! {
        <section class="card" aria-labelledby="parts-title">
            <h2 id="parts-title">"What is in it?"</h2>
            <Table label="Parts" columns>{rows}</Table>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, low: Option<f64>, high: Option<f64>) -> FailedCheck {
        FailedCheck {
            step: String::new(),
            name: String::new(),
            unit: None,
            value: Some(value),
            other: None,
            low,
            high,
            component: None,
        }
    }

    #[test]
    fn a_value_beyond_a_limit_is_drawn_beyond_it() {
        let (low, high, value) = place(&check(97.5, None, Some(95.0))).unwrap();
        assert!(low < high && high < value, "{low} {high} {value}");
        let (low, high, value) = place(&check(1.0, Some(2.0), Some(3.0))).unwrap();
        assert!(value < low && low < high, "{low} {high} {value}");
        assert_eq!(place(&check(f64::NAN, Some(1.0), None)), None);
        assert_eq!(place(&check(1.0, None, None)), None);
    }
}
