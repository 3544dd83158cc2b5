//! Drift by station, and the day on which it meets a limit.

use std::sync::Arc;

use charts::drift::{Line, Point, Words, render};
use leptos::prelude::*;
use messages::Locale;

use super::page::short;
use crate::backend::{DriftFigures, ParameterQuery, ParameterReport};
use crate::ui::figure::Figure;
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, isolated};
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};
use crate::ui::table::{Column, Table};

/// The corrected p below which a mean drifts.
const SIGNIFICANCE: f64 = 0.01;

/// The station whose drift is surest; none where no station has enough values.
pub(super) fn figure(
    t: Locale,
    report: &ParameterReport,
    query: &ParameterQuery,
    note: String,
) -> Option<Figure> {
    let drift = report.drifts.first().filter(|drift| drift.days.len() > 1)?;
    let point = |(day, date, mean, n): &(f64, String, f64, u64)| Point {
        day: *day,
        key: date.clone(),
        mean: *mean,
        title: t.drift_day(date, number::rounded(*mean, 5), t.count_runs(*n)),
    };
    let points: Vec<Point> = drift.days.iter().map(point).collect();
    let rows = drift.days.iter().map(|(_, date, mean, n)| {
        vec![Cell::Text(date.clone()), Cell::Number(Some(*mean)), Cell::Count(*n)]
    });
    let sheet = Sheet {
        heads: vec![t.column_day(), t.column_mean(), t.column_runs()],
        names: vec!["day", "mean", "n"],
        rows: rows.collect(),
    };
    let last = last_day(drift);
    // Far ahead a line says little, and presses what was measured together.
    let is_clear = drift.p < SIGNIFICANCE;
    let meets =
        drift.meets.clone().filter(|meets| is_clear && meets.0 > last && meets.0 <= last * 3.0);
    let line = Line {
        intercept: drift.intercept,
        slope: drift.slope,
        until: meets.as_ref().map_or(last, |meets| meets.0),
    };
    let until = meets.map(|meets| meets.1).unwrap_or_default();
    let limits: Vec<f64> =
        [report.capability.low, report.capability.high].into_iter().flatten().collect();
    let up = isolated(short(&query.parameter));
    let title = match &drift.station {
        Some(station) => t.drift_title_station(isolated(station)),
        None => t.drift_title().to_owned(),
    };
    Some(Figure {
        name: "drift",
        title,
        note,
        sheet,
        draw: Arc::new(move |width, palette| {
            let words = Words { across: t.daily_axis(), up: &up, until: &until };
            render(&points, line, &limits, words, width, palette)
        }),
    })
}

/// What the surest drift comes to.
pub(super) fn sentence(t: Locale, report: &ParameterReport) -> String {
    let Some(drift) = report.drifts.first() else { return String::new() };
    if drift.p >= SIGNIFICANCE {
        return t.drift_none(number::p_value(drift.p));
    }
    let slope = signed(drift.slope);
    let (p, stations) = (number::p_value(drift.p), report.drifts.len() as u64);
    let drifts = t.drift_some(slope, p, stations);
    let meets = match &drift.meets {
        Some((day, date, true)) if *day <= last_day(drift) => t.drift_crossed_upper(date),
        Some((day, date, false)) if *day <= last_day(drift) => t.drift_crossed_lower(date),
        Some((_, date, true)) => t.drift_meets_upper(date),
        Some((_, date, false)) => t.drift_meets_lower(date),
        None => t.drift_meets_none().to_owned(),
    };
    format!("{drifts} {meets}")
}

/// The day of the last mean.
fn last_day(drift: &DriftFigures) -> f64 {
    drift.days.last().map_or(0.0, |day| day.0)
}

fn signed(number: f64) -> String {
    let sign = if number > 0.0 { "+" } else { "" };
    format!("{sign}{}", number::rounded(number, 3))
}

/// Every station with enough values, the surest drift first.
#[component]
pub fn Drifts(drifts: Vec<DriftFigures>) -> impl IntoView {
    let t = use_locale();
    if drifts.len() < 2 {
        return ().into_any();
    }
    let columns = vec![
        Column::text(t.column_station()),
        Column::number(t.column_runs()),
        Column::number(t.drift_column_slope()),
        Column::number(t.drift_column_interval()),
        Column::number(t.drift_column_p()).meaning(t.drift_p_meaning()),
        Column::text(t.drift_column_meets()),
    ];
    let rows: Vec<_> = drifts
        .into_iter()
        .map(|drift| {
            let station = drift.station.clone().map(|station| view! { <Name of=station/> });
            let is_clear = drift.p < SIGNIFICANCE;
            let meets = drift.meets.filter(|_| is_clear).map(|meets| meets.1);
            view! {
                <tr>
                    <th scope="row">{station}</th>
                    <td class="num">{number::count(drift.n)}</td>
                    <td class="num">{signed(drift.slope)}</td>
                    <td class="num">{t.interval_ends(signed(drift.ci.0), signed(drift.ci.1))}</td>
                    <td class="num">{number::p_value(drift.p)}</td>
                    <td>{meets.unwrap_or_else(|| "–".to_owned())}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="more">
            <summary>{t.drift_stations()}</summary>
            <Table label=t.drift_stations() columns>{rows}</Table>
        </details>
    }
    .into_any()
}
