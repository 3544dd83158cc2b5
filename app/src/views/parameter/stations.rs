//! Box plots by station, and whether stations measure alike.

use std::sync::Arc;

use charts::boxes::{Group, render};
use messages::Locale;

use super::page::short;
use super::query::href_with;
use crate::backend::{ParameterQuery, ParameterReport, StationValues};
use crate::ui::figure::Figure;
use crate::ui::name::isolated;
use crate::ui::number;
use crate::ui::sheet::{Cell, Sheet};

/// Stations that are drawn.
const DRAWN: usize = 40;
/// From this share of the variance on a difference is large.
const LARGE_EFFECT: f64 = 0.14;
/// From this share on it is moderate.
const MODERATE_EFFECT: f64 = 0.06;

/// The stations by name; none where there is none to compare with.
pub(super) fn figure(
    t: Locale,
    report: &ParameterReport,
    query: &ParameterQuery,
    note: String,
) -> Option<Figure> {
    let comparison = report.stations.as_ref().filter(|stations| stations.groups.len() > 1)?;
    let name = |station: &Option<String>| match station {
        Some(station) => station.clone(),
        None => t.stations_unnamed().to_owned(),
    };
    let group = |of: &StationValues| Group {
        name: isolated(&name(&of.station)),
        whiskers: of.whiskers,
        quartiles: of.quartiles,
        mean: of.mean,
        title: t.groups_group(
            isolated(&name(&of.station)),
            number::rounded(of.quartiles.1, 5),
            number::rounded(of.quartiles.0, 5),
            number::rounded(of.quartiles.2, 5),
            t.count_runs(of.n),
        ),
        href: of.station.as_ref().map(|station| {
            href_with(query, |query| {
                query.slice = query.slice.narrowed("station", station);
            })
        }),
    };
    let groups: Vec<Group> = comparison.groups.iter().take(DRAWN).map(group).collect();
    let rows = comparison.groups.iter().map(|of| {
        vec![
            Cell::Name(name(&of.station)),
            Cell::Count(of.n),
            Cell::Number(Some(of.mean)),
            Cell::Number(of.sd),
            Cell::Number(Some(of.quartiles.1)),
            Cell::Number(Some(of.quartiles.0)),
            Cell::Number(Some(of.quartiles.2)),
            Cell::Count(of.outside),
        ]
    });
    let sheet = Sheet {
        heads: vec![
            t.column_station(),
            t.column_runs(),
            t.column_mean(),
            t.column_sd(),
            t.column_median(),
            t.column_q1(),
            t.column_q3(),
            t.parameters_column_outside(),
        ],
        names: vec!["station", "n", "mean", "sd", "median", "q1", "q3", "outside"],
        rows: rows.collect(),
    };
    let limits: Vec<f64> =
        [report.capability.low, report.capability.high].into_iter().flatten().collect();
    let across = isolated(short(&query.parameter));
    Some(Figure {
        name: "stations",
        title: t.groups_title().to_owned(),
        note,
        sheet,
        draw: Arc::new(move |width, palette| render(&groups, &limits, &across, width, palette)),
    })
}

/// The test, with its effect size in words.
pub(super) fn test(t: Locale, report: &ParameterReport) -> String {
    let Some(comparison) = &report.stations else { return String::new() };
    let Some((p, effect)) = comparison.ranks else {
        return t.groups_not_tested().to_owned();
    };
    let (p_text, effect_text) = (number::p_value(p), number::percent(Some(effect)));
    let verdict = match effect {
        _ if p >= 0.01 => t.groups_alike(p_text, effect_text),
        effect if effect >= LARGE_EFFECT => t.groups_large(p_text, effect_text),
        effect if effect >= MODERATE_EFFECT => t.groups_moderate(p_text, effect_text),
        _ => t.groups_small(p_text, effect_text),
    };
    format!("{verdict} {}", t.groups_legend())
}
