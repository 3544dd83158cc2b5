//! `/api/v1/gage`: how much of what is seen is the instrument.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use engine::quality::gage::anova::{Analysis, POOLING_P, analyse};
use engine::quality::gage::misclassification::{Model, guard_band_for, misclassification};
use engine::quality::gage::ranges::average_and_range;
use engine::quality::gage::study::{Reading, Spreads, Study, Verdict};
use engine::spc::capability::Limits;
use engine::stats::moments::Moments;
use serde::{Deserialize, Serialize};
use store::quality::GageReading;
use store::{Principal, Store};
use utoipa::ToSchema;

use super::{Head, measurement};
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::{ApiResult, Problem};
use crate::queries::asked::{Asked, wrong};
use crate::web::extract::Query;

/// Most values that a study is sought in.
const MOST_READINGS: usize = 100_000;
/// Readings of a cell that are taken from the data.
const REPEATS: usize = 2;
/// Most stations that are tried.
const MOST_STATIONS: usize = 20;
/// The share of all units that may be false accepts with the guard band.
const ESCAPES: f64 = 100e-6;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GageAnswer {
    #[serde(flatten)]
    pub(crate) head: Option<Head>,
    pub(crate) method: &'static str,
    pub(crate) parts: usize,
    pub(crate) operators: usize,
    pub(crate) repeats: usize,
    pub(crate) anova: Vec<Line>,
    /// Whether the interaction was pooled with the error.
    pub(crate) pooled: bool,
    /// p of the interaction, pooled or not.
    pub(crate) interaction_p: Option<f64>,
    pub(crate) components: Vec<Component>,
    /// Gage R&R as a share of the study variation.
    pub(crate) grr: Option<f64>,
    /// Distinct categories; null where the gage does not vary.
    pub(crate) ndc: Option<u64>,
    pub(crate) verdict: Option<&'static str>,
    pub(crate) range_method: Option<RangeMethod>,
    pub(crate) misclassification: Option<Errors>,
    pub(crate) notes: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GageLine)]
pub(crate) struct Line {
    pub(crate) source: &'static str,
    pub(crate) df: f64,
    pub(crate) ss: f64,
    pub(crate) ms: Option<f64>,
    pub(crate) f: Option<f64>,
    pub(crate) p: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GageComponent)]
pub(crate) struct Component {
    pub(crate) source: &'static str,
    pub(crate) variance: f64,
    pub(crate) sd: f64,
    /// Share of the variance.
    pub(crate) contribution: Option<f64>,
    /// Share of the standard deviation.
    pub(crate) study_variation: Option<f64>,
    /// Six standard deviations as a share of the width of the limits.
    pub(crate) tolerance: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GageRangeMethod)]
pub(crate) struct RangeMethod {
    pub(crate) mean_range: f64,
    pub(crate) repeatability: f64,
    pub(crate) reproducibility: f64,
    pub(crate) grr: f64,
    pub(crate) part: f64,
    pub(crate) total: f64,
    pub(crate) grr_share: Option<f64>,
    pub(crate) ndc: Option<u64>,
}

/// Shares of all units, at the limits and with the guard that the request names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GageErrors)]
pub(crate) struct Errors {
    /// Good units that are rejected.
    pub(crate) false_reject: f64,
    /// Bad units that are accepted.
    pub(crate) false_accept: f64,
    pub(crate) guard: f64,
    /// How far the limits have to move inward for at most 100 false accepts a million; null
    /// where three GRR are not enough.
    pub(crate) guard_band: Option<f64>,
}

/// A study as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    readings: Vec<SentReading>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentReading {
    part: String,
    operator: String,
    #[serde(default)]
    #[expect(dead_code, reason = "the order of the readings says it")]
    trial: Option<serde_json::Value>,
    value: f64,
}

/// Limits and guard of a request.
#[derive(Debug, Clone, Copy)]
struct Options {
    low: Option<f64>,
    high: Option<f64>,
    guard: f64,
    pooling_p: f64,
}

/// `POST /api/v1/gage?low=&high=` `{"readings": [{part, operator, trial, value}]}`, or CSV with
/// these columns (`text/csv`).
///
/// # Errors
/// 400 for the body.
pub(crate) async fn from_readings(
    media_type: Option<&str>,
    query: &Query,
    body: &[u8],
) -> ApiResult<GageAnswer> {
    let options = Options::read(query)?;
    let readings = match media_type {
        Some(kind) if kind.starts_with("text/csv") => csv(body)?,
        Some(kind) if kind.starts_with("application/json") => json(body)?,
        _ => {
            return Err(Problem::unsupported(
                "The body is JSON (application/json) or CSV (text/csv).",
            ));
        }
    };
    let study = Study::new(&readings).map_err(|error| wrong("body", error.to_string()))?;
    let limits = Limits { low: options.low, high: options.high, target: None };
    let work = move || Ok::<_, Infallible>(answer(None, &study, limits, options, Vec::new()));
    spawn_cpu("a gage study", work).await
}

/// `GET /api/v1/gage?parameter=`: a study from what is there: units that several stations
/// measured twice or more, golden units where there are two; parts are units, operators
/// stations.
///
/// # Errors
/// 400 for a parameter, or where no units were measured so.
pub(crate) async fn from_data(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<GageAnswer> {
    let options = Options::read(query)?;
    let asked = Asked::read(query, &["parameter", "low", "high", "guard", "pooling"])?;
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let measurement = measurement(&mut tx, &asked).await?;
    let mut rows = tx.gage_readings(&asked.question, &measurement, MOST_READINGS).await?;
    drop(tx);
    let mut notes = Vec::new();
    if rows.len() > MOST_READINGS {
        rows.truncate(MOST_READINGS);
        notes.push("first-100000-values");
    }
    let newest = rows.last().map(|row| (row.low, row.high)).unwrap_or_default();
    // A stated limit replaces both, so that a side can be left open.
    let (low, high) = match (options.low, options.high) {
        (None, None) => newest,
        stated => stated,
    };
    let limits = Limits { low, high, target: None };
    let golden: BTreeSet<&str> =
        rows.iter().filter(|row| row.golden).map(|row| row.serial.as_str()).collect();
    let from_golden = balanced(rows.iter().filter(|row| golden.contains(row.serial.as_str())));
    let readings = match Study::new(&from_golden) {
        Ok(_) => {
            notes.push("golden-units");
            from_golden
        }
        Err(_) => {
            notes.push("repeated-runs");
            balanced(rows.iter())
        }
    };
    let study = Study::new(&readings).map_err(|_| {
        wrong(
            "parameter",
            "has no study in the data: at least two units that the same station measured twice",
        )
    })?;
    let head = Some(Head::new(&asked, as_of));
    let work = move || Ok::<_, Infallible>(answer(head, &study, limits, options, notes));
    spawn_cpu("a gage study", work).await
}

impl Options {
    fn read(query: &Query) -> ApiResult<Self> {
        let number = |name: &str| {
            let number: Option<f64> = query.parse(name, "must be a finite number such as 0.25")?;
            match number {
                Some(number) if !number.is_finite() => {
                    Err(wrong(name, "must be a finite number such as 0.25"))
                }
                number => Ok(number),
            }
        };
        let (low, high) = (number("low")?, number("high")?);
        if low.zip(high).is_some_and(|(low, high)| low >= high) {
            return Err(wrong("low", "must be below `high`"));
        }
        let pooling_p = number("pooling")?.unwrap_or(POOLING_P);
        if !(0.0..=1.0).contains(&pooling_p) {
            return Err(wrong("pooling", "must be from 0 to 1"));
        }
        Ok(Self { low, high, guard: number("guard")?.unwrap_or(0.0), pooling_p })
    }
}

fn json(body: &[u8]) -> ApiResult<Vec<Reading>> {
    let sent: Sent =
        serde_json::from_slice(body).map_err(|error| wrong("body", error.to_string()))?;
    let reading =
        |sent: SentReading| Reading { part: sent.part, operator: sent.operator, value: sent.value };
    Ok(sent.readings.into_iter().map(reading).collect())
}

/// Lines of part, operator, trial and value in the order of the first line; no field has a
/// comma in it.
fn csv(body: &[u8]) -> ApiResult<Vec<Reading>> {
    let text = std::str::from_utf8(body).map_err(|_| wrong("body", "is not UTF-8"))?;
    let field = |field: &str| field.trim().trim_matches('"').to_owned();
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
    let names: Vec<String> = lines.next().unwrap_or_default().split(',').map(field).collect();
    let place = |name: &str| {
        let place = names.iter().position(|known| known.eq_ignore_ascii_case(name));
        place.ok_or_else(|| wrong("body", format!("has no column `{name}` in its first line")))
    };
    let (part, operator, value) = (place("part")?, place("operator")?, place("value")?);
    let read = |(line, text): (usize, &str)| {
        let fields: Vec<String> = text.split(',').map(field).collect();
        let number = fields.get(value).and_then(|text| text.parse::<f64>().ok());
        match (fields.get(part), fields.get(operator), number) {
            (Some(part), Some(operator), Some(value)) => {
                Ok(Reading { part: part.clone(), operator: operator.clone(), value })
            }
            _ => Err(wrong(
                "body",
                format!("line {}: is not part, operator, trial, value", line + 2),
            )),
        }
    };
    lines.enumerate().map(read).collect()
}

/// The first two readings of each cell, of as many stations and units as give the most cells
/// in which every station measured every unit twice.
fn balanced<'a>(rows: impl Iterator<Item = &'a GageReading>) -> Vec<Reading> {
    let mut cells: BTreeMap<&str, BTreeMap<&str, Vec<f64>>> = BTreeMap::new();
    for row in rows {
        let cell = cells.entry(&row.station).or_default().entry(&row.serial).or_default();
        if cell.len() < REPEATS {
            cell.push(row.value);
        }
    }
    let mut stations: Vec<(&str, BTreeMap<&str, Vec<f64>>)> = cells
        .into_iter()
        .map(|(station, mut units)| {
            units.retain(|_, values| values.len() == REPEATS);
            (station, units)
        })
        .collect();
    stations.sort_by_key(|(_, units)| std::cmp::Reverse(units.len()));
    stations.truncate(MOST_STATIONS);
    // One station more at a time, the one with the most units first.
    let mut common: BTreeSet<&str> = BTreeSet::new();
    let mut best: (usize, usize, BTreeSet<&str>) = (0, 0, BTreeSet::new());
    for (index, (_, units)) in stations.iter().enumerate() {
        if index == 0 {
            common = units.keys().copied().collect();
        } else {
            common.retain(|unit| units.contains_key(unit));
        }
        let size = common.len() * (index + 1);
        if common.len() >= 2 && size > best.0 {
            best = (size, index + 1, common.clone());
        }
    }
    let (_, count, units) = best;
    let mut readings = Vec::new();
    for (station, values) in stations.iter().take(count) {
        for unit in &units {
            for value in values.get(unit).into_iter().flatten() {
                readings.push(Reading {
                    part: (*unit).to_owned(),
                    operator: (*station).to_owned(),
                    value: *value,
                });
            }
        }
    }
    readings
}

fn answer(
    head: Option<Head>,
    study: &Study,
    limits: Limits,
    options: Options,
    notes: Vec<&'static str>,
) -> GageAnswer {
    let analysis = analyse(study, options.pooling_p);
    let spreads = analysis.spreads;
    let lines = analysis.lines.iter().map(|line| Line {
        source: line.source.id(),
        df: line.df,
        ss: line.ss,
        ms: line.ms,
        f: line.f,
        p: line.p,
    });
    let ranges = average_and_range(study).map(|ranges| {
        let Spreads { repeatability, reproducibility, part } = ranges.spreads;
        RangeMethod {
            mean_range: ranges.mean_range,
            repeatability,
            reproducibility,
            grr: ranges.spreads.grr(),
            part,
            total: ranges.spreads.total(),
            grr_share: ranges.spreads.grr_share(),
            ndc: ranges.spreads.distinct_categories(),
        }
    });
    let model = Model {
        mean: Moments::from_values(study.values()).mean,
        part: spreads.part,
        grr: spreads.grr(),
    };
    let errors = misclassification(model, limits, options.guard).map(|errors| Errors {
        false_reject: errors.false_reject,
        false_accept: errors.false_accept,
        guard: options.guard,
        guard_band: guard_band_for(model, limits, ESCAPES),
    });
    GageAnswer {
        head,
        method: "anova",
        parts: study.parts.len(),
        operators: study.operators.len(),
        repeats: study.repeats,
        anova: lines.collect(),
        pooled: analysis.pooled,
        interaction_p: analysis.interaction_p,
        components: components(&analysis, limits),
        grr: spreads.grr_share(),
        ndc: spreads.distinct_categories(),
        verdict: spreads.verdict().map(Verdict::id),
        range_method: ranges,
        misclassification: errors,
        notes,
    }
}

fn components(analysis: &Analysis, limits: Limits) -> Vec<Component> {
    let parts = analysis.components;
    let reproducibility = parts.operator + parts.interaction;
    let grr = parts.repeatability + reproducibility;
    let total = grr + parts.part;
    let width = limits.low.zip(limits.high).map(|(low, high)| high - low);
    [
        ("grr", grr),
        ("repeatability", parts.repeatability),
        ("reproducibility", reproducibility),
        ("operator", parts.operator),
        ("interaction", parts.interaction),
        ("part", parts.part),
        ("total", total),
    ]
    .into_iter()
    .map(|(source, variance)| {
        let sd = variance.sqrt();
        let is_varied = total > 0.0;
        Component {
            source,
            variance,
            sd,
            contribution: is_varied.then(|| variance / total),
            study_variation: is_varied.then(|| sd / total.sqrt()),
            tolerance: width.map(|width| 6.0 * sd / width),
        }
    })
    .collect()
}
