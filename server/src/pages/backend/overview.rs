//! Loads the figures of the overview page.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use app::backend::{
    Changes, Code, Explained, Failures, OperationFigures, Overview, OverviewQuery, PRODUCTS,
    Rolled, StationFigures, Subject,
};
use app::slice::Granularity;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::Timestamp;
use domain::dimension::{Dimension, Field};
use domain::yields::{Bound, previous};
use engine::difference::difference;
use engine::metrics::pareto::Row;
use engine::metrics::yields::{Basis, Tally};
use engine::proportion::{Method, Proportion, interval};
use store::yields::{By, Question};
use store::{Principal, Store, TenantTx};

use super::ServerBackend;
use super::causes;
use super::changes::{self, changes};
use super::clocks::Clocks;
use super::meaning::add_meanings;
use super::slices;
use crate::figures::{self, Group, LEVEL};
use crate::limits::FUTURE;
use crate::problem::ApiResult;
use crate::queries::explain::under_each_definition;
use crate::queries::pareto::pareto;
use crate::queries::rty::{RolledThroughput, rty};

/// Maximum number of listed stations.
const MAX_STATIONS: usize = 10;
/// Maximum number of listed codes.
const MAX_CODES: usize = 10;
/// Maximum number of units in an explanation.
const MAX_UNITS: u16 = 20;
/// Days of trends where the period has no start, and at most.
const DAY_POINTS: u64 = 90;
const MAX_DAY_POINTS: u64 = 400;

/// The queries of one page for one window, in one transaction.
pub(super) struct Counting {
    tx: TenantTx,
    basis: Basis,
    question: Question,
    /// The same query for the preceding period of equal length.
    before: Option<Question>,
    /// The first and the last day of trends.
    first: NaiveDate,
    last: NaiveDate,
    granularity: Granularity,
    today: NaiveDate,
}

/// One failure code with its share.
type Bar = Row<String>;

/// Tallies by station or software, and operation.
type Tallies = BTreeMap<(Option<String>, String), Tally>;

impl ServerBackend {
    pub(in crate::pages) async fn load_overview(
        &self,
        query: OverviewQuery,
    ) -> ApiResult<Overview> {
        let (mut counting, clocks, as_of) =
            Counting::begin(self.state.store(), &self.principal, &query).await?;
        let question = counting.question.clone();
        let operations = counting.by_operation().await?;
        let rolled = match query.slice.only("product") {
            Some(product) => Some(counting.rolled(product.to_owned()).await?),
            None => None,
        };
        let explained = match query.explain {
            Some(operation) => counting.explained(operation, query.slice.only("station")).await?,
            None => None,
        };
        let stations = counting.tallies(&question, Field::Station).await?;
        let (mut failures, bars) = counting.failures(&question).await?;
        add_meanings(&mut counting.tx, &mut failures.codes).await?;
        let changes = counting.changes(&operations, &stations, &bars).await?;
        let standing_out = causes::standing_out(
            &mut counting.tx,
            &question,
            counting.basis,
            clocks,
            counting.today,
        )
        .await?;
        let window = slices::ends(query.slice.period.window(counting.today), counting.today);
        Ok(Overview {
            as_of: clocks.at(as_of.into()),
            latest: counting.latest(as_of).await?.map(|at| clocks.at(at)),
            window,
            products: counting.products().await?,
            changes,
            standing_out,
            stations: largest_certain_losses(stations),
            failures,
            operations,
            rolled,
            explained,
        })
    }
}

/// The window of the last `days` days including today: its first day and the day after it.
pub(super) fn last_days(today: NaiveDate, days: u16) -> Option<(NaiveDate, NaiveDate)> {
    let first = today.checked_sub_days(Days::new(u64::from(days.max(1)) - 1))?;
    Some((first, today.succ_opt()?))
}

impl Counting {
    /// Begins the transaction; returns the time zone and the time of the figures, too.
    pub(super) async fn begin(
        store: &Store,
        caller: &Principal,
        query: &OverviewQuery,
    ) -> ApiResult<(Self, Clocks, Timestamp)> {
        let (mut tx, as_of) = figures::begin(store, caller).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let today = clocks.day(DateTime::<Utc>::from(as_of));
        let window = query.slice.period.window(today);
        let basis = slices::basis(&query.slice);
        let question = slices::question(&query.slice, window);
        let before = question.from.zip(question.to).and_then(|(from, to)| previous(from, to));
        let before = before.map(|(from, to)| Question {
            from: Some(from),
            to: Some(to),
            ..question.clone()
        });
        let last_of = |after: NaiveDate| after.pred_opt().unwrap_or(after).min(today);
        let last = window.map_or(today, |(_, after)| last_of(after));
        let back = |days: u64| last.checked_sub_days(Days::new(days - 1)).unwrap_or(last);
        let first =
            window.map_or_else(|| back(DAY_POINTS), |(first, _)| first.max(back(MAX_DAY_POINTS)));
        let granularity = query.slice.granularity;
        let counting = Self { tx, basis, question, before, first, last, granularity, today };
        Ok((counting, clocks, as_of))
    }

    /// The start of the latest run that is not in the future, counted or not.
    pub(super) async fn latest(&mut self, as_of: Timestamp) -> ApiResult<Option<DateTime<Utc>>> {
        Ok(self.tx.latest_run(as_of.saturating_add(FUTURE)).await?)
    }

    /// The operations with their trends and days.
    pub(super) async fn by_operation(&mut self) -> ApiResult<Vec<OperationFigures>> {
        let mut operations = self.operations().await?;
        self.add_trends(&mut operations).await?;
        self.add_days(&mut operations).await?;
        Ok(operations)
    }

    fn by(&self, field: Field) -> Question {
        Question { group_by: vec![field.into()], ..self.question.clone() }
    }

    async fn operations(&mut self) -> ApiResult<Vec<OperationFigures>> {
        let question = self.by(Field::Operation);
        let groups = figures::groups(&mut self.tx, &question, self.basis).await?;
        let figures = |Group { key, tally, .. }: Group| {
            Some(OperationFigures {
                operation: key?,
                yielded: tally.proportion(),
                trend: None,
                days: Vec::new(),
                units: tally.units.n,
                passed_last: tally.units.passed_last,
                retested: tally.units.retested,
                episodes: tally.episodes.n,
                cleared: tally.episodes.cleared,
                excluded: tally.excluded.into_iter().collect(),
            })
        };
        Ok(groups.into_iter().filter_map(figures).collect())
    }

    /// Compares with the preceding period of equal length.
    async fn add_trends(&mut self, operations: &mut [OperationFigures]) -> ApiResult<()> {
        let Some(before) = &self.before else { return Ok(()) };
        let question = Question { group_by: vec![Field::Operation.into()], ..before.clone() };
        let before: BTreeMap<_, _> = figures::groups(&mut self.tx, &question, self.basis)
            .await?
            .into_iter()
            .map(|group| (group.key, group.tally.proportion()))
            .collect();
        for figures in operations {
            if let Some(before) = before.get(&Some(figures.operation.clone())) {
                figures.trend = difference(figures.yielded, *before, LEVEL);
            }
        }
        Ok(())
    }

    /// Adds a point for each local day, week or month of the site, including those without a run.
    async fn add_days(&mut self, operations: &mut [OperationFigures]) -> ApiResult<()> {
        let (first, last) = (self.first, self.last);
        let by = Dimension::from(self.granularity.field());
        let question = Question {
            from: Some(Bound::Day(first)),
            group_by: vec![by.clone()],
            ..self.question.clone()
        };
        let mut tallies: BTreeMap<(String, String), Tally> = BTreeMap::new();
        for cell in self.tx.cells(&question).await? {
            if let Some(day) = cell.key {
                let tally = tallies.entry((cell.operation, day));
                tally.or_insert_with(|| Tally::new(self.basis)).add(&cell.cell);
            }
        }
        let keys = first.iter_days().take_while(|day| *day <= last);
        let mut days: Vec<String> = keys.filter_map(|day| by.period()?.key(day)).collect();
        days.dedup();
        for figures in operations {
            figures.days = days
                .iter()
                .map(|day| {
                    let tally = tallies.get(&(figures.operation.clone(), day.clone()));
                    let yielded = tally.map(Tally::proportion).filter(|yielded| yielded.n > 0);
                    (day.clone(), yielded)
                })
                .collect();
        }
        Ok(())
    }

    async fn rolled(&mut self, product: String) -> ApiResult<Rolled> {
        let RolledThroughput { groups, rty, observed } = rty(&mut self.tx, &self.question).await?;
        let factor = |Group { key, tally, .. }: Group| Some((key?, tally.proportion()));
        let factors = groups.into_iter().filter_map(factor).collect();
        Ok(Rolled { product, factors, rty, observed })
    }

    async fn tallies(&mut self, question: &Question, by: Field) -> ApiResult<Tallies> {
        let question = Question { group_by: vec![by.into()], ..question.clone() };
        let mut tallies = Tallies::new();
        for cell in self.tx.cells(&question).await? {
            let tally = tallies.entry((cell.key, cell.operation));
            tally.or_insert_with(|| Tally::new(self.basis)).add(&cell.cell);
        }
        Ok(tallies)
    }

    /// The most frequent failure codes, and all of them.
    async fn failures(&mut self, question: &Question) -> ApiResult<(Failures, Vec<Bar>)> {
        let (all, bars) = pareto(&mut self.tx, question, By::Code).await?;
        let bars = bars.rows;
        let codes = bars.iter().take(MAX_CODES).map(|row| Code {
            code: row.key.clone(),
            runs: row.runs,
            units: row.units,
            share: row.share,
            cumulative: row.cumulative,
            meaning: None,
        });
        let failures = Failures {
            runs: all.runs.unsigned_abs(),
            units: all.units.unsigned_abs(),
            codes: codes.collect(),
        };
        Ok((failures, bars))
    }

    /// Compares operations, stations, software and codes with the preceding period.
    async fn changes(
        &mut self,
        operations: &[OperationFigures],
        stations: &Tallies,
        codes: &[Bar],
    ) -> ApiResult<Option<Changes>> {
        let Some(before) = self.before.clone() else { return Ok(None) };
        let operations_before = self.tallies(&before, Field::Operation).await?;
        if operations_before.values().all(|tally| tally.proportion().n == 0) {
            return Ok(None);
        }
        let software = self.tallies(&self.question.clone(), Field::Software).await?;
        let software_before = self.tallies(&before, Field::Software).await?;
        let stations_before = self.tallies(&before, Field::Station).await?;
        let (_, codes_before) = self.failures(&before).await?;

        let operations = operations.iter().map(|it| (it.operation.clone(), it.yielded));
        let operations_before =
            operations_before.into_iter().map(|((_, name), tally)| (name, tally.proportion()));
        let operations: Vec<_> = operations.collect();
        let operations_before: Vec<_> = operations_before.collect();
        let now = period(&operations, stations, &software, codes);
        let before = period(&operations_before, &stations_before, &software_before, &codes_before);
        // A code that is missing in one of the periods has zero failures there.
        let both = |one: &changes::Figures, other: &changes::Figures| {
            let n = total_counted(one);
            let missing = other.keys().filter(|subject| {
                matches!(subject, Subject::Code(_)) && !one.contains_key(*subject)
            });
            missing.map(|code| (code.clone(), Proportion { k: 0, n })).collect::<Vec<_>>()
        };
        let (mut all_now, mut all_before) = (now.clone(), before.clone());
        all_now.extend(both(&now, &before));
        all_before.extend(both(&before, &now));
        Ok(Some(changes(&all_now, &all_before)))
    }

    /// All products, whatever the current filters; the most frequent ones if there are many.
    async fn products(&mut self) -> ApiResult<Vec<String>> {
        let question = Question {
            from: None,
            to: None,
            filters: Default::default(),
            ..self.by(Field::Product)
        };
        let mut used = BTreeMap::<String, usize>::new();
        for product in self.tx.cells(&question).await?.into_iter().filter_map(|cell| cell.key) {
            *used.entry(product).or_default() += 1;
        }
        let mut products: Vec<(usize, String)> =
            used.into_iter().map(|(product, cells)| (cells, product)).collect();
        // Stable sort: equally frequent products stay sorted by name.
        products.sort_by_key(|(cells, _)| Reverse(*cells));
        products.truncate(PRODUCTS);
        let mut products: Vec<String> = products.into_iter().map(|(_, product)| product).collect();
        products.sort();
        Ok(products)
    }

    async fn explained(
        &mut self,
        operation: String,
        station: Option<&str>,
    ) -> ApiResult<Option<Explained>> {
        let mut question = self.question.clone();
        question.filters.add(Field::Operation, operation.clone());
        let mut under = Vec::new();
        let mut excluded = Vec::new();
        for (definition, tally) in under_each_definition(&mut self.tx, &question, None).await? {
            under.push((definition, tally.proportion()));
            if definition == self.basis.definition {
                excluded = tally.excluded.into_iter().collect();
            }
        }
        let failed = self.tx.units_not_passed(&question, MAX_UNITS).await?;
        let out = self.tx.list_uncounted_units(&question, ("", ""), MAX_UNITS).await?;
        Ok(Some(Explained {
            operation,
            station: station.map(str::to_owned),
            under,
            excluded,
            failed,
            out: out.into_iter().map(|unit| (unit.serial, unit.reasons)).collect(),
        }))
    }
}

/// The figures of one period by subject. Figures without a station or software are not
/// compared.
fn period(
    operations: &[(String, Proportion)],
    stations: &Tallies,
    software: &Tallies,
    codes: &[Bar],
) -> changes::Figures {
    let n = operations.iter().map(|(_, figure)| figure.n).sum();
    let codes = codes.iter().map(|bar| {
        // Counts runs under report yield, units otherwise: each count has one code.
        (Subject::Code(bar.key.clone()), Proportion { k: bar.runs, n })
    });
    let stations = stations.iter().filter_map(|((station, operation), tally)| {
        let (station, operation) = (station.clone()?, operation.clone());
        Some((Subject::Station { station, operation }, tally.proportion()))
    });
    let software = software.iter().filter_map(|((software, operation), tally)| {
        let (software, operation) = (software.clone()?, operation.clone());
        Some((Subject::Software { software, operation }, tally.proportion()))
    });
    let operations =
        operations.iter().map(|(name, figure)| (Subject::Operation(name.clone()), *figure));
    let all = operations.chain(stations).chain(software).chain(codes);
    all.filter(|(_, figure)| figure.n > 0).collect()
}

/// The total count of all operations.
fn total_counted(figures: &changes::Figures) -> u64 {
    let count = |(subject, figure): (&Subject, &Proportion)| match subject {
        Subject::Operation(_) => figure.n,
        _ => 0,
    };
    figures.iter().map(count).sum()
}

/// The largest statistically certain losses, sorted by the upper bound of the confidence
/// interval, so that a station with three runs does not rank above one with three hundred.
fn largest_certain_losses(tallies: Tallies) -> Vec<StationFigures> {
    let mut stations: Vec<(f64, StationFigures)> = tallies
        .into_iter()
        .filter_map(|((station, operation), tally)| {
            let yielded = Some(tally.proportion()).filter(|it| it.k < it.n)?;
            let ends = interval(yielded.k, yielded.n, Method::Wilson, LEVEL)?;
            Some((ends.high, StationFigures { station, operation, yielded }))
        })
        .collect();
    stations.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    stations.into_iter().take(MAX_STATIONS).map(|(_, station)| station).collect()
}
