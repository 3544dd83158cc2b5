//! `GET /api/v1/control-chart`

mod draw;

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use domain::dimension::Field;
use engine::spc::attributes::{Count, Kind as Attribute};
use engine::spc::choice::{Reason, attribute_chart, variable_chart};
use engine::spc::constants::Precision;
use engine::spc::cusum::Cusum;
use engine::spc::ewma::Ewma;
use engine::spc::rules::Rules;
use engine::spc::variables::Kind as Variable;
use engine::spc::within::Estimator;
use serde::Serialize;
use store::{Principal, Store};
use utoipa::ToSchema;

pub(crate) use self::draw::{Phase, Point};
use super::events::{self, Event};
use super::phases::{Phases, figure_key, freeze, named_key};
use super::sample::{self, Sample};
use super::subgroups::{self, Groups, Subgroup};
use super::{Head, measurement, number, word};
use crate::figures;
use crate::frames::spawn_cpu;
use crate::problem::ApiResult;
use crate::queries::asked::{Asked, wrong};
use crate::queries::time;
use crate::web::extract::Query;

/// Most points of a chart: the newest.
const MOST_POINTS: usize = 10_000;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlChartAnswer {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) parameter: Option<String>,
    pub(crate) figure: Option<String>,
    pub(crate) chart: &'static str,
    /// Why this chart.
    pub(crate) because: String,
    pub(crate) phases: Vec<Phase>,
    pub(crate) points: Vec<Point>,
    pub(crate) false_alarms: FalseAlarms,
    pub(crate) notes: Vec<&'static str>,
}

/// Signals of a stable process.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ControlChartFalseAlarms)]
pub(crate) struct FalseAlarms {
    pub(crate) per_point: f64,
    /// Null where the points span less than a day.
    pub(crate) per_week: Option<f64>,
    pub(crate) method: &'static str,
}

/// The kinds of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Auto,
    Variable(Variable),
    Attribute(Attribute, bool),
    Ewma,
    Cusum,
}

const WORDS: [(&str, Word); 12] = [
    ("auto", Word::Auto),
    ("i-mr", Word::Variable(Variable::Individuals)),
    ("xbar-r", Word::Variable(Variable::MeanRange)),
    ("xbar-s", Word::Variable(Variable::MeanDeviation)),
    ("p", Word::Attribute(Attribute::P, false)),
    ("np", Word::Attribute(Attribute::Np, false)),
    ("c", Word::Attribute(Attribute::C, false)),
    ("u", Word::Attribute(Attribute::U, false)),
    ("laney-p", Word::Attribute(Attribute::P, true)),
    ("laney-u", Word::Attribute(Attribute::U, true)),
    ("ewma", Word::Ewma),
    ("cusum", Word::Cusum),
];

/// What is drawn, and how.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    word: Word,
    rules: Rules,
    phases: Phases,
    freeze: Option<(DateTime<Utc>, DateTime<Utc>)>,
    estimator: Option<Estimator>,
    precision: Precision,
    ewma: Ewma,
    cusum: Cusum,
}

/// The points before they are drawn, in the order of time.
#[derive(Debug, Clone)]
struct Series {
    keys: Vec<String>,
    times: Vec<DateTime<Utc>>,
    data: Data,
}

#[derive(Debug, Clone)]
enum Data {
    /// Subgroups of values.
    Values(Vec<Vec<f64>>),
    /// Events of units; true where they are defects.
    Counts(Vec<Count>, bool),
}

/// `GET /api/v1/control-chart?parameter=` or `?figure=yield|defects|retests&group_by=day`.
///
/// # Errors
/// 400 for a parameter.
pub(crate) async fn control_chart(
    store: &Store,
    caller: &Principal,
    query: &Query,
) -> ApiResult<ControlChartAnswer> {
    let own = ["figure", "chart", "lambda", "width", "k", "h", "phases", "freeze", "rules"];
    let asked =
        Asked::read(query, &[&sample::PARAMETERS[..], &subgroups::PARAMETERS, &own].concat())?;
    let plan = Plan::read(&asked)?;
    let subgroup = Subgroup::read(&asked)?;
    let figure = asked.own("figure").map(str::to_owned);
    let (mut tx, as_of) = figures::begin(store, caller).await?;
    let mut notes = Vec::new();
    let (parameter, series, events) = if let Some(figure) = &figure {
        if asked.own("parameter").is_some() {
            return Err(wrong("figure", "cannot be given together with `parameter`"));
        }
        let by = figure_key(&asked, Field::Day.into())?;
        let counts = tx.figure_by_key(&asked.question, &by, None, MOST_POINTS).await?;
        if counts.len() > MOST_POINTS {
            return Err(wrong(
                "group_by",
                "gives more than 10,000 points: choose a shorter window",
            ));
        }
        let events = events::of_figure(&mut tx, &asked).await?;
        let of = |it: &store::quality::KeyedCounts| {
            let whole = |count: i64| count.max(0).cast_unsigned();
            Some(match figure.as_str() {
                "yield" => Count { k: whole(it.n - it.failed), n: whole(it.n) },
                "defects" => Count { k: whole(it.defects), n: whole(it.n) },
                "retests" => Count { k: whole(it.retests), n: whole(it.n) },
                _ => return None,
            })
        };
        let data: Option<Vec<Count>> = counts.iter().map(of).collect();
        let data =
            data.ok_or_else(|| wrong("figure", "must be one of: yield, defects, retests"))?;
        let series = Series {
            keys: counts.iter().map(|it| named_key(&by, &it.key)).collect(),
            times: counts.iter().map(|it| it.at).collect(),
            data: Data::Counts(data, figure != "yield"),
        };
        (None, series, events)
    } else {
        let measurement = measurement(&mut tx, &asked).await?;
        let sample = Sample::load(&mut tx, &asked, &measurement, subgroup.dimension()).await?;
        let operations = tx.measurement_operations(&measurement).await?;
        let events = events::of_sample(&mut tx, &asked, &operations, &sample).await?;
        let series = Series::of_sample(&sample, &subgroup, &mut notes);
        (Some(sample.parameter), series, events)
    };
    drop(tx);
    let (plan, reason) = plan.decide(&series)?;
    let work = move || {
        Ok::<_, Infallible>(draw_series(series, &plan, reason, &events, MOST_POINTS, notes))
    };
    let ControlChart { chart, reason, phases, points, false_alarms, notes, .. } =
        spawn_cpu("a control chart", work).await?;
    let because = reason.map_or_else(|| "chosen in the request".to_owned(), because);
    let head = Head::new(&asked, as_of);
    Ok(ControlChartAnswer {
        head,
        parameter,
        figure,
        chart,
        because,
        phases,
        points,
        false_alarms,
        notes,
    })
}

/// A chart, drawn.
#[derive(Debug)]
pub(crate) struct ControlChart {
    pub(crate) chart: &'static str,
    /// Why this chart; none where the request says which.
    pub(crate) reason: Option<Reason>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) points: Vec<Point>,
    pub(crate) false_alarms: FalseAlarms,
    pub(crate) notes: Vec<&'static str>,
    /// Points that are not drawn: the oldest.
    pub(crate) cut: usize,
}

/// Draws the newest points of a series.
fn draw_series(
    mut series: Series,
    plan: &Plan,
    reason: Option<Reason>,
    events: &[Event],
    most: usize,
    mut notes: Vec<&'static str>,
) -> ControlChart {
    let cut = series.keep_newest(most);
    if cut > 0 {
        notes.push("older-points-cut");
    }
    if series.keys.is_empty() {
        notes.push("no-values");
    }
    let (phases, points) = draw::draw(&series, plan, events);
    let false_alarms = draw::false_alarms(plan, &series);
    if phases.iter().any(Phase::has_no_limits) {
        notes.push("phase-without-limits");
    }
    ControlChart { chart: plan.name(), reason, phases, points, false_alarms, notes, cut }
}

/// The chart of a sample's newest points.
///
/// # Errors
/// 400 where the chart does not fit the subgroups.
pub(crate) fn of_sample(
    sample: &Sample,
    subgroup: &Subgroup,
    plan: Plan,
    events: &[Event],
    most: usize,
) -> ApiResult<ControlChart> {
    let mut notes = Vec::new();
    let series = Series::of_sample(sample, subgroup, &mut notes);
    let (plan, reason) = plan.decide(&series)?;
    Ok(draw_series(series, &plan, reason, events, most, notes))
}

impl Plan {
    pub(crate) fn read(asked: &Asked) -> ApiResult<Self> {
        let within = |name: &str, value: Option<f64>, fits: fn(f64) -> bool, why: &str| match value
        {
            Some(value) if !fits(value) => Err(wrong(name, why)),
            value => Ok(value),
        };
        let lambda = within(
            "lambda",
            number(asked, "lambda")?,
            |x| x > 0.0 && x <= 1.0,
            "must be above 0 and at most 1",
        )?;
        let positive: fn(f64) -> bool = |x| x > 0.0 && x <= 100.0;
        let width =
            within("width", number(asked, "width")?, positive, "must be above 0 and at most 100")?;
        let k = within(
            "k",
            number(asked, "k")?,
            |x| (0.0..=100.0).contains(&x),
            "must be from 0 to 100",
        )?;
        let h = within("h", number(asked, "h")?, positive, "must be above 0 and at most 100")?;
        let (ewma, cusum) = (Ewma::default(), Cusum::default());
        let rules = asked.own("rules").unwrap_or("western-electric");
        let rules = Rules::parse(rules).ok_or_else(|| {
            wrong("rules", "must be western-electric, nelson, none, or numbers of Nelson's rules such as 1,2,5")
        })?;
        let (estimator, precision) = subgroups::estimator(asked)?;
        Ok(Self {
            word: word(asked, "chart", &WORDS)?.unwrap_or(Word::Auto),
            rules,
            phases: Phases::read(asked)?,
            freeze: freeze(asked)?,
            estimator,
            precision,
            ewma: Ewma {
                lambda: lambda.unwrap_or(ewma.lambda),
                width: width.unwrap_or(ewma.width),
            },
            cusum: Cusum {
                allowance: k.unwrap_or(cusum.allowance),
                decision: h.unwrap_or(cusum.decision),
            },
        })
    }

    /// Chooses the chart where the request leaves it open, and says why.
    fn decide(mut self, series: &Series) -> ApiResult<(Self, Option<Reason>)> {
        let refused = |why: &str| Err(wrong("chart", why));
        let is_single = match &series.data {
            Data::Values(groups) => groups.iter().all(|group| group.len() <= 1),
            Data::Counts(..) => true,
        };
        match (self.word, &series.data) {
            (Word::Auto, Data::Values(groups)) => {
                let size = groups.iter().map(Vec::len).max().unwrap_or(1);
                let (kind, reason) = variable_chart(size);
                self.word = Word::Variable(kind);
                return Ok((self, Some(reason)));
            }
            (Word::Auto, Data::Counts(counts, are_defects)) => {
                let choice = attribute_chart(counts, *are_defects);
                self.word = Word::Attribute(choice.kind, choice.laney);
                return Ok((self, Some(choice.reason)));
            }
            (Word::Attribute(..), Data::Values(_)) => {
                return refused("is one of counts: give `figure`");
            }
            (Word::Attribute(kind, _), Data::Counts(_, are_defects))
                if matches!(kind, Attribute::C | Attribute::U) != *are_defects =>
            {
                return refused(
                    "does not fit the figure: p, np, laney-p are of yield, c, u, laney-u of defects and retests",
                );
            }
            (Word::Variable(Variable::Individuals), _) if !is_single => {
                return refused("is of single values: leave out `subgroup`");
            }
            (Word::Variable(Variable::MeanRange | Variable::MeanDeviation), _) if is_single => {
                return refused("is of subgroups: give `subgroup`");
            }
            _ => {}
        }
        Ok((self, None))
    }

    fn name(&self) -> &'static str {
        WORDS.iter().find(|(_, word)| *word == self.word).map_or("auto", |(name, _)| name)
    }
}

impl Series {
    fn new(sample: &Sample, groups: &Groups, subgroup: &Subgroup) -> Self {
        let first = |index: &usize| &sample.values[*index];
        let key = |index: &usize| match subgroup {
            Subgroup::Consecutive(_) => time(first(index).at),
            Subgroup::By(dimension) => {
                let key = first(index).key.as_deref().unwrap_or_default();
                named_key(dimension, key)
            }
        };
        Self {
            keys: groups.firsts.iter().map(key).collect(),
            times: groups.firsts.iter().map(|index| first(index).at).collect(),
            data: Data::Values(groups.slices().into_iter().map(<[f64]>::to_vec).collect()),
        }
    }

    fn of_sample(sample: &Sample, subgroup: &Subgroup, notes: &mut Vec<&'static str>) -> Self {
        let groups = Groups::new(sample, subgroup);
        if groups.left_out > 0 {
            notes.push("incomplete-subgroup-left-out");
        }
        if sample.versions.len() > 1 {
            notes.push("limits-changed");
        }
        Self::new(sample, &groups, subgroup)
    }

    /// Leaves at most `most` points, the newest; how many others were cut.
    fn keep_newest(&mut self, most: usize) -> usize {
        let surplus = self.keys.len().saturating_sub(most);
        self.keys.drain(..surplus);
        self.times.drain(..surplus);
        match &mut self.data {
            Data::Values(groups) => drop(groups.drain(..surplus)),
            Data::Counts(counts, _) => drop(counts.drain(..surplus)),
        }
        surplus
    }
}

fn because(reason: Reason) -> String {
    match reason {
        Reason::Individuals => "single values".to_owned(),
        Reason::SmallSubgroups { size } => {
            format!(
                "subgroups of at most {size} values: the range is nearly as good as the standard deviation"
            )
        }
        Reason::LargeSubgroups { size } => format!("subgroups of up to {size} values"),
        Reason::ManyUnits { units } => {
            format!("{units:.0} units a point: limits from sampling alone would be too narrow")
        }
        Reason::Overdispersed { ratio, p } => {
            format!("the counts vary {ratio:.1} times as much as sampling explains (p = {p:.2e})")
        }
        Reason::UnequalSizes => {
            "sampling explains the variation; points have different numbers of units".to_owned()
        }
        Reason::EqualSizes => {
            "sampling explains the variation; points have the same number of units".to_owned()
        }
    }
}

/// An event as a phase names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ControlChartPhaseEvent)]
pub(crate) struct PhaseEvent {
    pub(crate) kind: String,
    pub(crate) what: String,
}

impl From<Event> for PhaseEvent {
    fn from(event: Event) -> Self {
        Self { kind: event.kind, what: event.what }
    }
}
