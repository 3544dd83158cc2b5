//! Runs by operation, and repairs, over time.

use std::sync::Arc;

use charts::Palette;
use charts::timeline::{self, Kind, Lane, Mark, symbol};
use domain::Outcome;
use leptos::prelude::*;

use crate::backend::{Repaired, UnitHistory, UnitRun};
use crate::ui::figure::{Drawn, Figure, Room};
use crate::ui::name::isolated;
use crate::ui::query::unit_runs;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::{number, order};

/// The figure's name in addresses.
pub(super) const NAME: &str = "timeline";
/// What the lane of repairs is called.
const REPAIRS: &str = "repairs";

/// The figure, with a legend of the signs that are in it.
#[component]
pub fn Timeline(history: UnitHistory) -> impl IntoView {
    let page = unit_runs(&history.serial, history.from.as_deref());
    let (folder, query) = page.split_at(page.find('?').unwrap_or(page.len()));
    let files = (folder.to_owned(), query.to_owned());
    let figure = figure(&history);
    let drawn = |wanted: Kind| match wanted {
        Kind::Run(outcome) => history.runs.iter().any(|run| run.outcome == outcome),
        Kind::Repair => !history.repairs.is_empty(),
    };
    let signs: Vec<_> = SIGNS
        .into_iter()
        .filter(|(kind, _)| drawn(*kind))
        .map(|(kind, word)| {
            let sign = symbol(kind, Palette::Page).into_string();
            view! { <li><span class="chart" inner_html=sign></span>{word}</li> }
        })
        .collect();
    view! {
        <Drawn figure files room=Room::Whole>
            <ul class="legend" aria-label="Signs">{signs}</ul>
        </Drawn>
    }
}

const SIGNS: [(Kind, &str); 7] = [
    (Kind::Run(Outcome::Pass), "pass"),
    (Kind::Run(Outcome::Fail), "fail"),
    (Kind::Run(Outcome::Error), "error"),
    (Kind::Run(Outcome::Timeout), "timeout"),
    (Kind::Run(Outcome::Aborted), "aborted"),
    (Kind::Run(Outcome::Skip), "skip"),
    (Kind::Repair, "repair"),
];

/// The unit's history as it is drawn.
pub(super) fn figure(history: &UnitHistory) -> Figure {
    let lanes = lanes(history);
    let clock = history.clock.clone();
    let axis = format!("Time at the site, {}", history.zone);
    let counts = [
        number::of(history.runs.len() as u64, "run", "runs"),
        number::of(history.repairs.len() as u64, "repair", "repairs"),
    ];
    let whole = history.repairs.len() as u64 == history.repairs_total;
    let extent = match history.page_note() {
        None if whole => format!("All that is kept of {}", isolated(&history.serial)),
        None => format!("The newest repairs and all runs of {}", isolated(&history.serial)),
        Some(note) => format!("{note}, and repairs around them, of {}", isolated(&history.serial)),
    };
    Figure {
        name: NAME,
        title: "What happened to it?".to_owned(),
        note: format!("{extent}: {}, as of {}", counts.join(" and "), history.as_of.local),
        sheet: sheet(history),
        draw: Arc::new(move |width, palette| {
            timeline::render(&lanes, &clock, &axis, width, palette)
        }),
    }
}

fn lanes(history: &UnitHistory) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for run in &history.runs {
        let operation = isolated(&run.operation);
        let code = run.code.as_ref().map(|code| format!(", {}", isolated(code)));
        let code = code.unwrap_or_default();
        let mark = Mark {
            at: run.started.moment,
            kind: Kind::Run(run.outcome),
            title: format!("{operation}: {}{code}, {}", result(run), run.started.local),
            href: Some(format!("#run-{}", run.id)),
        };
        match lanes.iter_mut().find(|lane| lane.label == operation) {
            Some(lane) => lane.marks.push(mark),
            None => lanes.push(Lane { label: operation, marks: vec![mark] }),
        }
    }
    lanes.sort_by(|a, b| order::natural(&a.label, &b.label));
    if !history.repairs.is_empty() {
        let mark = |repair: &Repaired| Mark {
            at: repair.at.moment,
            kind: Kind::Repair,
            title: format!("Repair: {}, {}", isolated(&repair.action), repair.at.local),
            href: Some("#repairs".to_owned()),
        };
        let marks = history.repairs.iter().map(mark).collect();
        lanes.push(Lane { label: REPAIRS.to_owned(), marks });
    }
    lanes
}

fn sheet(history: &UnitHistory) -> Sheet {
    let word = |text: &Option<String>| Cell::Name(text.clone().unwrap_or_default());
    let runs = history.runs.iter().map(|run| {
        let place = [word(&run.code), word(&run.station)];
        let row = vec![
            Cell::At(run.started.clone()),
            Cell::Name(run.operation.clone()),
            Cell::Text(result(run)),
        ];
        (run.started.moment, [row, place.to_vec()].concat())
    });
    let repairs = history.repairs.iter().map(|repair| {
        let row = vec![
            Cell::At(repair.at.clone()),
            Cell::Text(REPAIRS.to_owned()),
            Cell::Name(repair.action.clone()),
            word(&repair.defect),
            Cell::Text(String::new()),
        ];
        (repair.at.moment, row)
    });
    let mut rows: Vec<_> = runs.chain(repairs).collect();
    rows.sort_by_key(|(at, _)| *at);
    Sheet {
        heads: vec!["When", "Operation", "Result", "Code", "Station"],
        names: vec!["at", "lane", "result", "code", "station"],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}

/// How a run ended, and whether a person took it out.
fn result(run: &UnitRun) -> String {
    let outcome = run.outcome.as_str();
    if run.voided { format!("{outcome}, voided") } else { outcome.to_owned() }
}
