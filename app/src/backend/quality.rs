//! What was measured: a list of parameters, and one parameter in detail.

use crate::model::At;
use crate::slice::Slice;

/// The order of a list of parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ParameterOrder {
    /// By the lower end of the interval of Ppk, the lowest first.
    #[default]
    LeastCapable,
    /// By the number of values outside the limits, the most first.
    Outside,
    /// By name.
    Name,
}

/// A page of the list of parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParametersQuery {
    /// The runs.
    pub slice: Slice,
    /// A part of the names, in any case; empty: all parameters.
    pub part: String,
    /// The order.
    pub order: ParameterOrder,
    /// The parameter after which the page begins; none: the first page.
    pub after: Option<String>,
}

/// A page of the list of parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterPage {
    /// The moment of the figures.
    pub as_of: At,
    /// The first and the last of the site's days; none for everything.
    pub window: Option<(String, String)>,
    /// The parameters of the page.
    pub rows: Vec<ParameterRow>,
    /// How many parameters come before these.
    pub before: usize,
    /// How many there are.
    pub total: usize,
    /// The parameter after which the next page begins; none on the last page.
    pub next: Option<String>,
}

/// A parameter in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterRow {
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// The operation.
    pub operation: String,
    /// The step.
    pub step: String,
    /// The name.
    pub name: String,
    /// The unit of measure.
    pub unit: Option<String>,
    /// Runs with a value.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation; none of one value.
    pub sd: Option<f64>,
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// Values outside the limits.
    pub outside: u64,
    /// None without limits or variation.
    pub ppk: Option<f64>,
    /// The ends of its 95 % interval.
    pub ppk_ci: Option<(f64, f64)>,
    /// Whether no value is beyond three sigma of the individuals chart.
    pub stable: Option<bool>,
    /// Whether runs were measured against different limits.
    pub limits_changed: bool,
    /// Means in equal parts of the period; none where nothing was measured.
    pub trend: Vec<Option<f64>>,
}

/// Which counted runs of a unit give values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RunChoice {
    /// The first.
    #[default]
    First,
    /// The last.
    Last,
    /// All.
    All,
}

/// The kind of the control chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChartChoice {
    /// The one that fits the data.
    #[default]
    Auto,
    /// Exponentially weighted moving averages.
    Ewma,
    /// Cumulative sums.
    Cusum,
}

/// The run rules of the control chart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RuleChoice {
    /// Western Electric's rules 1 to 4.
    #[default]
    WesternElectric,
    /// Nelson's rules 1 to 8.
    Nelson,
    /// Only points beyond the limits.
    Limits,
}

/// A question about a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterQuery {
    /// `operation / step / name [unit]`.
    pub parameter: String,
    /// The runs.
    pub slice: Slice,
    /// Which of a unit's runs.
    pub runs: RunChoice,
    /// The control chart.
    pub chart: ChartChoice,
    /// Its rules.
    pub rules: RuleChoice,
    /// Whether phases begin at changes.
    pub has_phases: bool,
    /// Consecutive values of a subgroup; 1: individuals.
    pub subgroup: u16,
    /// The lower limit, and with it or the upper one both, instead of those of the data.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
}

/// A parameter in detail.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterReport {
    /// The moment of the figures.
    pub as_of: At,
    /// The first and the last of the site's days; none for everything.
    pub window: Option<(String, String)>,
    /// The first of the site's days, and the day after the last; none for everything.
    pub bounds: Option<(String, String)>,
    /// Runs that were chosen.
    pub runs: u64,
    /// Those of them with a finite value.
    pub n: u64,
    /// Runs without one, by reason: `no-number`, `not-finite`.
    pub excluded: Vec<(&'static str, u64)>,
    /// Versions of the limits, in the order in which they came.
    pub limits: Vec<LimitsVersion>,
    /// Capability.
    pub capability: CapabilityFigures,
    /// The distribution.
    pub distribution: DistributionFigures,
    /// The control chart.
    pub chart: ControlFigures,
    /// By station; none where there are too many.
    pub stations: Option<StationComparison>,
    /// Drift by station, the surest first.
    pub drifts: Vec<DriftFigures>,
    /// What a second test of a unit changes; none without units of two values.
    pub retest: Option<Retest>,
    /// Values far from the others or outside the limits, the farthest first.
    pub outliers: Vec<Outlier>,
    /// How many there are.
    pub outliers_total: u64,
}

/// Limits that runs were measured against.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitsVersion {
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// The first run with them.
    pub from: At,
    /// The last run with them.
    pub to: At,
    /// Runs.
    pub n: u64,
}

/// An index or a figure with its 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Estimate {
    /// The value; none where it is undefined.
    pub value: Option<f64>,
    /// The ends of its interval.
    pub ci: Option<(f64, f64)>,
}

/// Parts per million below the lower and above the upper limit.
pub type PartsPerMillion = (Option<f64>, Option<f64>);

/// Capability. What is undefined is none.
#[derive(Debug, Clone, PartialEq)]
pub struct CapabilityFigures {
    /// The mean.
    pub mean: Option<f64>,
    /// Standard deviation of all values.
    pub sd_overall: Option<f64>,
    /// Standard deviation within subgroups.
    pub sd_within: Option<f64>,
    /// How it was estimated: `mr`, `rbar`, `sbar`, `pooled`.
    pub sigma: Option<&'static str>,
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// Cp.
    pub cp: Estimate,
    /// Cpk.
    pub cpk: Estimate,
    /// Pp.
    pub pp: Estimate,
    /// Ppk.
    pub ppk: Estimate,
    /// Observed.
    pub observed: PartsPerMillion,
    /// Expected with the standard deviation within subgroups.
    pub within: PartsPerMillion,
    /// Expected with that of all values.
    pub overall: PartsPerMillion,
    /// A² of the test of normality of Anderson and Darling, and p.
    pub normality: Option<(f64, f64)>,
    /// Family of another distribution (none: percentiles of the sample) and its Ppk.
    pub non_normal: Option<(Option<&'static str>, f64)>,
    /// Codes of what must be known beside the figures.
    pub notes: Vec<&'static str>,
}

/// The distribution of values.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionFigures {
    /// One more than counts.
    pub edges: Vec<f64>,
    /// Values of each bin.
    pub counts: Vec<u64>,
    /// (x, density a unit of x).
    pub density: Vec<(f64, f64)>,
    /// Values below the lower limit.
    pub below: u64,
    /// Values above the upper limit.
    pub above: u64,
    /// Whether the axis is logarithmic.
    pub is_log: bool,
    /// Part-average limits.
    pub part_average: Option<(f64, f64)>,
}

/// A control chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlFigures {
    /// The kind, as the API names it.
    pub kind: &'static str,
    /// Values of a subgroup at most, where the chart was chosen for subgroups.
    pub chosen_for: Option<usize>,
    /// Whether the chart was chosen for the data.
    pub is_chosen: bool,
    /// The points, in their order.
    pub points: Vec<ControlPoint>,
    /// The phases, in their order.
    pub phases: Vec<ControlPhase>,
    /// Points that are not drawn: the oldest.
    pub cut: u64,
    /// False alarms a point, of a stable process.
    pub false_alarms: f64,
    /// The same a week.
    pub false_alarms_a_week: Option<f64>,
}

/// A point of a control chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPoint {
    /// The start of its first run.
    pub at: At,
    /// Its value.
    pub value: f64,
    /// Centre line, lower and upper limit; none where there are too few points.
    pub limits: Option<(f64, f64, f64)>,
    /// Specification limits of its first run.
    pub specification: (Option<f64>, Option<f64>),
    /// The numbers of the rules that it breaks.
    pub rules: Vec<u8>,
    /// The unit, where it is listed.
    pub serial: Option<String>,
}

/// A phase of a control chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPhase {
    /// Its first point.
    pub start: usize,
    /// Its points.
    pub n: u64,
    /// When it begins.
    pub from: At,
    /// What it begins with: kind and value.
    pub event: Option<(String, String)>,
    /// Centre line.
    pub centre: Option<f64>,
    /// Standard deviation of single values.
    pub sigma: Option<f64>,
}

/// Stations compared.
#[derive(Debug, Clone, PartialEq)]
pub struct StationComparison {
    /// The stations.
    pub groups: Vec<StationValues>,
    /// p of Kruskal and Wallis's test, and the effect size ε².
    pub ranks: Option<(f64, f64)>,
    /// p of Welch's test, and the effect size ω².
    pub means: Option<(f64, Option<f64>)>,
}

/// What a station measured.
#[derive(Debug, Clone, PartialEq)]
pub struct StationValues {
    /// The station; none where runs name none.
    pub station: Option<String>,
    /// Values.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation; none of one value.
    pub sd: Option<f64>,
    /// First quartile, median and third quartile.
    pub quartiles: (f64, f64, f64),
    /// The farthest values within one and a half interquartile ranges.
    pub whiskers: (f64, f64),
    /// Values outside the limits.
    pub outside: u64,
}

/// The drift of what a station measured.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftFigures {
    /// The station; none where runs name none.
    pub station: Option<String>,
    /// Values.
    pub n: u64,
    /// The line at day 0.
    pub intercept: f64,
    /// Change of the mean a day.
    pub slope: f64,
    /// The ends of its 95 % interval.
    pub ci: (f64, f64),
    /// Two-sided p of "no drift", corrected by the number of stations (Bonferroni).
    pub p: f64,
    /// Where the line meets a limit: day of the line, date, and whether it is the upper limit;
    /// none where it did not since day 0 and does not within a year.
    pub meets: Option<(f64, String, bool)>,
    /// Means by day: days from day 0, date, mean and count. Of the surest drift alone.
    pub days: Vec<(f64, String, f64, u64)>,
}

/// First against last value of units with two values or more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retest {
    /// Units.
    pub pairs: u64,
    /// Mean of last minus first.
    pub difference: Estimate,
    /// p of "no difference".
    pub p: Option<f64>,
    /// Standard deviation of one measurement of the same unit.
    pub repeatability: Option<f64>,
    /// Units by outcome of the first and the last run: pass pass, pass fail, fail pass, fail fail.
    pub reversals: [u64; 4],
}

/// A value far from the others, or outside the limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlier {
    /// The unit.
    pub serial: String,
    /// The value.
    pub value: f64,
    /// The start of the run.
    pub at: At,
    /// The station.
    pub station: Option<String>,
    /// Whether it is outside the limits.
    pub is_outside: bool,
}
