//! Timeline of a unit: runs by operation, and repairs.

use std::sync::Arc;

use charts::Palette;
use charts::timeline::{self, Kind, Lane, Mark, symbol};
use domain::Outcome;
use leptos::prelude::*;
use messages::Locale;

use crate::backend::{Repaired, UnitHistory, UnitRun};
use crate::ui::figure::{Figure, FigureCard, Room};
use crate::ui::locale::use_locale;
use crate::ui::name::isolated;
use crate::ui::query::unit_runs;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::{label, order};

/// The figure's name in addresses.
pub(super) const NAME: &str = "timeline";
/// The name of the lane of repairs in a file.
const REPAIRS: &str = "repairs";

/// The figure with a legend of its symbols.
#[component]
pub fn Timeline(history: UnitHistory) -> impl IntoView {
    let page = unit_runs(&history.serial, history.from.as_deref());
    let (folder, query) = page.split_at(page.find('?').unwrap_or(page.len()));
    let files = (folder.to_owned(), query.to_owned());
    let t = use_locale();
    let figure = figure(t, &history);
    let drawn = |wanted: Kind| match wanted {
        Kind::Run(outcome) => history.runs.iter().any(|run| run.outcome == outcome),
        Kind::Repair => !history.repairs.is_empty(),
    };
    let signs: Vec<_> = SYMBOLS
        .into_iter()
        .filter(|kind| drawn(*kind))
        .map(|kind| {
            let sign = symbol(kind, Palette::Page).into_string();
            let word = match kind {
                Kind::Run(outcome) => label::outcome(t, outcome),
                Kind::Repair => t.timeline_repair(),
            };
            view! { <li><span class="chart" inner_html=sign></span>{word}</li> }
        })
        .collect();
    view! {
        <FigureCard figure files room=Room::Whole>
            <ul class="legend" aria-label=t.timeline_legend()>{signs}</ul>
        </FigureCard>
    }
}

const SYMBOLS: [Kind; 7] = [
    Kind::Run(Outcome::Pass),
    Kind::Run(Outcome::Fail),
    Kind::Run(Outcome::Error),
    Kind::Run(Outcome::Timeout),
    Kind::Run(Outcome::Aborted),
    Kind::Run(Outcome::Skip),
    Kind::Repair,
];

/// The timeline as a figure.
pub(super) fn figure(t: Locale, history: &UnitHistory) -> Figure {
    let lanes = lanes(t, history);
    let clock = history.clock.clone();
    let axis = t.timeline_axis(&history.zone);
    let runs = t.count_runs(history.runs.len() as u64);
    let repairs = t.count_repairs(history.repairs.len() as u64);
    let has_all_repairs = history.repairs.len() as u64 == history.repairs_total;
    let serial = isolated(&history.serial);
    let extent = match history.page_note(t) {
        None if has_all_repairs => t.timeline_all(serial),
        None => t.timeline_newest(serial),
        Some(range) => t.timeline_range(range, serial),
    };
    Figure {
        name: NAME,
        title: t.timeline_title().to_owned(),
        note: t.timeline_note(extent, runs, repairs, &history.as_of.local),
        sheet: sheet(t, history),
        draw: Arc::new(move |width, palette| {
            timeline::render(&lanes, &clock, &axis, width, palette)
        }),
    }
}

fn lanes(t: Locale, history: &UnitHistory) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for run in &history.runs {
        let operation = isolated(&run.operation);
        let title = match &run.code {
            Some(code) => {
                t.timeline_run_code(&operation, result(t, run), isolated(code), &run.started.local)
            }
            None => t.timeline_run(&operation, result(t, run), &run.started.local),
        };
        let mark = Mark {
            at: run.started.moment,
            kind: Kind::Run(run.outcome),
            title,
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
            title: t.timeline_repair_at(isolated(&repair.action), &repair.at.local),
            href: Some("#repairs".to_owned()),
        };
        let marks = history.repairs.iter().map(mark).collect();
        lanes.push(Lane { label: t.timeline_repairs().to_owned(), marks });
    }
    lanes
}

fn sheet(t: Locale, history: &UnitHistory) -> Sheet {
    let word = |text: &Option<String>| Cell::Name(text.clone().unwrap_or_default());
    let runs = history.runs.iter().map(|run| {
        let place = [word(&run.code), word(&run.station)];
        let row = vec![
            Cell::At(run.started.clone()),
            Cell::Name(run.operation.clone()),
            Cell::Text(result(t, run)),
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
        heads: vec![
            t.column_when(),
            t.column_operation(),
            t.column_result(),
            t.column_code(),
            t.column_station(),
        ],
        names: vec!["at", "lane", "result", "code", "station"],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}

/// The outcome of a run, and whether it is voided.
fn result(t: Locale, run: &UnitRun) -> String {
    let outcome = label::outcome(t, run.outcome);
    if run.voided { t.outcome_voided(outcome) } else { outcome.to_owned() }
}
