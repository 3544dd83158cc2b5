//! Loads the failures page, and the details of one failure code.

use std::collections::BTreeMap;

use app::backend::{
    CodeReport, FailureKey, FailureReport, FailureRow, FailuresQuery, Meaning, Place,
};
use app::slice::Granularity;
use chrono::{DateTime, NaiveDate, Utc};
use domain::Timestamp;
use domain::dimension::Field;
use domain::yields::Bound;
use engine::metrics::pareto::{Count, Population, pareto};
use engine::metrics::yields::{Basis, Tally};
use engine::proportion::Proportion;
use engine::quality::commonality::{Group as Compared, Side, commonality};
use engine::quality::confounding::{Pattern, stratified};
use store::TenantTx;
use store::quality::Failing;
use store::yields::{By, Question};

use super::ServerBackend;
use super::clocks::Clocks;
use super::meaning::find_meanings;
use super::{causes, repairs, slices};
use crate::figures::{self, LEVEL};
use crate::frames::spawn_cpu;
use crate::problem::{ApiResult, Problem};

/// The code of failed runs without a code.
const UNSPECIFIED: &str = "unspecified";
/// Maximum number of rows of the Pareto chart.
const MAX_ROWS: usize = 200;
/// Maximum number of days with a point; a longer period only has days with a counted run.
const MAX_POINTS: usize = 400;
/// Maximum number of listed units.
const MAX_UNITS: u16 = 50;
/// Maximum number of significant values, and the significance level of the corrected p-value.
const MAX_PLACES: usize = 10;
const SIGNIFICANCE: f64 = 0.05;
/// Minimum number of runs of a compared value.
const MINIMUM_RUNS: u32 = 5;
/// Maximum number of compared values.
const MAX_TESTS: usize = 20_000;

impl ServerBackend {
    pub(in crate::pages) async fn load_failures(
        &self,
        query: FailuresQuery,
    ) -> ApiResult<FailureReport> {
        let (mut tx, as_of) = figures::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let today = clocks.day(DateTime::<Utc>::from(as_of));
        let window = query.slice.period.window(today);
        let basis = slices::basis(&query.slice);
        let question = slices::question(&query.slice, window);
        let counted = figures::groups(&mut tx, &question, basis).await?;
        let counted = counted.first().map(|group| group.tally.proportion());

        let by = match query.by {
            FailureKey::Code => By::Code,
            FailureKey::Step => By::Step,
            FailureKey::Component => By::Component,
        };
        let (all, keyed) = tx.failures(&question, by).await?;
        let counts: Vec<_> = keyed
            .into_iter()
            .map(|failures| Count {
                key: failures.key.unwrap_or_default(),
                units: failures.units.unsigned_abs(),
                runs: failures.runs.unsigned_abs(),
            })
            .collect();
        let population = match by {
            By::Code => Population::OneKeyPerRun,
            By::Step | By::Component => {
                Population::ManyKeysPerRun { runs: all.runs.unsigned_abs() }
            }
        };
        let bars = pareto(counts, population).ok_or_else(Problem::internal)?.rows;
        let more = bars.len().saturating_sub(MAX_ROWS);
        let mut rows: Vec<FailureRow> = bars
            .into_iter()
            .take(MAX_ROWS)
            .map(|bar| FailureRow {
                key: bar.key,
                runs: bar.runs,
                units: bar.units,
                share: bar.share,
                cumulative: bar.cumulative,
                meaning: None,
            })
            .collect();
        if query.by == FailureKey::Code {
            let codes: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            let meanings = find_meanings(&mut tx, &codes).await?;
            for (row, meaning) in rows.iter_mut().zip(meanings) {
                row.meaning = meaning;
            }
        }
        let code = match query.code {
            Some(code) => {
                let by = query.slice.granularity;
                Some(code_report(&mut tx, &question, basis, (code, by), (as_of, clocks)).await?)
            }
            None => None,
        };
        Ok(FailureReport {
            as_of: clocks.at(as_of.into()),
            window: slices::ends(window, today),
            counted: counted.unwrap_or(Proportion { k: 0, n: 0 }),
            runs: all.runs.unsigned_abs(),
            units: all.units.unsigned_abs(),
            rows,
            more,
            code,
        })
    }
}

async fn code_report(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
    (code, granularity): (String, Granularity),
    (as_of, clocks): (Timestamp, Clocks),
) -> ApiResult<CodeReport> {
    let today = clocks.day(DateTime::<Utc>::from(as_of));
    let mut of_code = question.clone();
    // Runs without a code are counted as `unspecified`; the filter's value for them is empty.
    let value = if code == UNSPECIFIED { String::new() } else { code.clone() };
    of_code.filters.add(Field::Code, value);
    let counted = by_period(tx, question, basis, granularity).await?;
    let failing = by_period(tx, &of_code, basis, granularity).await?;
    let failing: BTreeMap<&String, u64> = failing
        .iter()
        .map(|(day, passed)| (day, passed.n - passed.k))
        .filter(|(_, failed)| *failed > 0)
        .collect();
    let seen = failing.keys().next().zip(failing.keys().next_back());
    let seen = seen.map(|(first, last)| ((*first).clone(), (*last).clone()));
    let days = keys(question, &counted, granularity, today)
        .into_iter()
        .map(|day| {
            let n = counted.get(&day).map(|passed| passed.n).filter(|n| *n > 0);
            let k = failing.get(&day).copied().unwrap_or(0);
            (day, n.map(|n| Proportion { k, n }))
        })
        .collect();
    let (_, keyed) = tx.failures(question, By::Code).await?;
    let counts = keyed.into_iter().find(|failures| failures.key.as_deref() == Some(&code));
    let (runs, units) =
        counts.map_or((0, 0), |it| (it.runs.unsigned_abs(), it.units.unsigned_abs()));
    let failed = tx.units_not_passed(&of_code, MAX_UNITS).await?;
    let operation = main_operation(tx, &of_code).await?;
    let mut compared = slices::with_previous(question);
    if let Some(operation) = &operation
        && question.filters.get(Field::Operation).is_empty()
    {
        compared.filters.add(Field::Operation, operation.clone());
    }
    let (places, tests) = places(tx, &compared, &code).await?;
    let place = places.first().map(|it| (it.dimension.as_str(), it.value.as_str()));
    let parameters = causes::failed_parameters(tx, question, &code, place, clocks).await?;
    let meaning: Option<Meaning> = find_meanings(tx, &[&code]).await?.pop().flatten();
    let repairs = repairs::outcomes(tx, &of_code, as_of).await?;
    let compared = slices::days_of(&compared, today);
    Ok(CodeReport {
        code,
        meaning,
        runs,
        units,
        days,
        seen,
        operation,
        compared,
        places,
        tests,
        parameters,
        repairs,
        failed,
    })
}

/// The operation in which most runs with the code of a question did not pass.
async fn main_operation(tx: &mut TenantTx, of_code: &Question) -> ApiResult<Option<String>> {
    let mut failing: BTreeMap<String, u64> = BTreeMap::new();
    for cell in tx.cells(of_code).await? {
        *failing.entry(cell.operation).or_default() += cell.cell.runs;
    }
    let most = failing.into_iter().max_by_key(|(_, runs)| *runs);
    Ok(most.map(|(operation, _)| operation))
}

/// Passed of counted by day, week or month of the site.
async fn by_period(
    tx: &mut TenantTx,
    question: &Question,
    basis: Basis,
    granularity: Granularity,
) -> ApiResult<BTreeMap<String, Proportion>> {
    let keyed = Question { group_by: vec![granularity.field().into()], ..question.clone() };
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for cell in tx.cells(&keyed).await? {
        if let Some(day) = cell.key {
            tallies.entry(day).or_insert_with(|| Tally::new(basis)).add(&cell.cell);
        }
    }
    Ok(tallies.into_iter().map(|(day, tally)| (day, tally.proportion())).collect())
}

/// The keys of the trend: each day of the period, or of a long one, and of weeks and months,
/// those with a counted run.
fn keys(
    question: &Question,
    counted: &BTreeMap<String, Proportion>,
    granularity: Granularity,
    today: NaiveDate,
) -> Vec<String> {
    let day = |bound: &Option<Bound>| match bound {
        Some(Bound::Day(day)) => Some(*day),
        Some(Bound::At(_)) | None => None,
    };
    let ends = day(&question.from).zip(day(&question.to));
    if let Some((from, to)) = ends
        && granularity == Granularity::Day
    {
        let to = to.min(today.succ_opt().unwrap_or(today));
        if (to - from).num_days() <= MAX_POINTS as i64 {
            return from
                .iter_days()
                .take_while(|day| *day < to)
                .map(|day| day.to_string())
                .collect();
        }
    }
    let with_runs = counted.iter().filter(|(_, passed)| passed.n > 0).map(|(day, _)| day.clone());
    let mut days: Vec<String> = with_runs.collect();
    days.drain(..days.len().saturating_sub(MAX_POINTS));
    days
}

/// Values of dimensions whose runs fail with the code significantly more often than the others,
/// and the number of comparisons.
async fn places(
    tx: &mut TenantTx,
    question: &Question,
    code: &str,
) -> ApiResult<(Vec<Place>, usize)> {
    let failing = Failing::Code(code.to_owned());
    let groups = tx.commonality_groups(question, &failing, None, MINIMUM_RUNS, MAX_TESTS).await?;
    let count = |runs: i64| runs.max(0).unsigned_abs();
    let (mut runs, mut compared) = ((0, 0), Vec::new());
    for group in groups {
        let (failing, passing) = (count(group.failing), count(group.passing));
        match group.dimension.zip(group.value) {
            None => runs = (failing, passing),
            Some(key) => compared.push(Compared { key, failing, passing }),
        }
    }
    let test = move || {
        commonality(compared, runs.0, runs.1, u64::from(MINIMUM_RUNS), Side::Greater, LEVEL)
            .ok_or("counts that contradict each other")
    };
    let rows = spawn_cpu("failures", test).await?;
    let tests = rows.len();
    let rows: Vec<_> =
        rows.into_iter().filter(|row| row.q < SIGNIFICANCE).take(MAX_PLACES).collect();
    let suspects: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
    let patterns = match suspects.len() {
        0 | 1 => Vec::new(),
        _ => tx.commonality_patterns(question, &failing, &suspects).await?,
    };
    let patterns: Vec<Pattern> = patterns
        .iter()
        .map(|pattern| Pattern {
            members: pattern.members.cast_unsigned(),
            failing: count(pattern.failing),
            passing: count(pattern.passing),
        })
        .collect();
    let first = suspects.first().map(|(_, value)| value.clone());
    let is_explained = |place: usize| {
        let within = stratified(&patterns, place, 0, LEVEL);
        place > 0 && within.is_none_or(|it| it.p_greater >= SIGNIFICANCE)
    };
    let places = rows
        .into_iter()
        .enumerate()
        .map(|(place, row)| {
            let (dimension, value) = row.key;
            let table = row.table;
            Place {
                dimension,
                value,
                here: Proportion { k: table.a, n: table.a + table.b },
                elsewhere: Proportion { k: table.c, n: table.c + table.d },
                odds_ratio: row
                    .odds_ratio
                    .map(|ratio| ratio.value)
                    .filter(|ratio| ratio.is_finite()),
                q: row.q,
                explained_by: first.clone().filter(|_| is_explained(place)),
            }
        })
        .collect();
    Ok((places, tests))
}
