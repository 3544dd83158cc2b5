//! Gage R&R by two-way analysis of variance.
//!
//! With o operators, p parts, r repeats: σ²_rep = MS_E, σ²_int = (MS_int − MS_E)/r,
//! σ²_op = (MS_O − MS_int)/(p r), σ²_part = (MS_P − MS_int)/(o r), each at least 0. Where
//! the interaction is not significant it is pooled with the error, and MS_int is
//! replaced by the pooled MS_E.
//!
//! Source: AIAG, Measurement Systems Analysis, 4th edition; Montgomery, chapter 8.

use super::study::{Spreads, Study};
use crate::stats::moments::{Moments, sum};
use crate::stats::{count, f_distribution};
use libm::sqrt;

/// The interaction is pooled where its p exceeds this (AIAG; Minitab's default is 0.05).
pub const POOLING_P: f64 = 0.25;

/// A row of the ANOVA table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// The source of variation.
    pub source: Source,
    /// Degrees of freedom.
    pub df: f64,
    /// Sum of squares.
    pub ss: f64,
    /// Mean square; `None` for the total.
    pub ms: Option<f64>,
    /// F against the denominator of its source; `None` for error and total.
    pub f: Option<f64>,
    /// Upper tail of F.
    pub p: Option<f64>,
}

/// Sources of variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Between parts.
    Part,
    /// Between operators.
    Operator,
    /// Parts × operators.
    Interaction,
    /// Repeated readings.
    Repeatability,
    /// All.
    Total,
}

impl Source {
    /// The name in responses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Operator => "operator",
            Self::Interaction => "interaction",
            Self::Repeatability => "repeatability",
            Self::Total => "total",
        }
    }
}

/// Variance components; each at least 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// σ²_rep.
    pub repeatability: f64,
    /// σ²_op.
    pub operator: f64,
    /// σ²_int; 0 where pooled.
    pub interaction: f64,
    /// σ²_part.
    pub part: f64,
}

/// The analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Part, operator, interaction (unless pooled), repeatability, total.
    pub lines: Vec<Line>,
    /// p of the interaction; `None` with one operator.
    pub interaction_p: Option<f64>,
    /// True where the interaction was pooled with the error.
    pub pooled: bool,
    /// Variances.
    pub components: Components,
    /// EV, AV and PV.
    pub spreads: Spreads,
}

/// Analyses a study; the interaction is pooled where its p exceeds `pooling_p`.
///
/// A study with one operator has neither operator nor interaction. Where the readings
/// of each cell are all equal F is infinite and p is 0.
#[must_use]
pub fn analyse(study: &Study, pooling_p: f64) -> Analysis {
    let (parts, operators) = (study.parts.len(), study.operators.len());
    let (p, o, r) = (count(parts), count(operators), count(study.repeats));
    let grand = Moments::from_values(study.values());
    let square = |mean: f64| (mean - grand.mean) * (mean - grand.mean);
    let cells: Vec<Moments> = (0..parts)
        .flat_map(|part| (0..operators).map(move |operator| (part, operator)))
        .map(|(part, operator)| Moments::from_values(study.cell(part, operator)))
        .collect();
    let ss_part = o * r * sum((0..parts).map(|i| square(Moments::from_values(study.part(i)).mean)));
    let operator_means = (0..operators).map(|i| Moments::from_values(&study.operator(i)).mean);
    let ss_operator = p * r * sum(operator_means.map(square));
    let ss_cells = r * sum(cells.iter().map(|cell| square(cell.mean)));
    let ss_error = sum(cells.iter().map(|cell| cell.m2));
    let ss_interaction =
        if operators > 1 { (ss_cells - ss_part - ss_operator).max(0.0) } else { 0.0 };
    let df = [p - 1.0, o - 1.0, (p - 1.0) * (o - 1.0), p * o * (r - 1.0)];

    let interaction = line(Source::Interaction, df[2], ss_interaction, Some((ss_error, df[3])));
    let pooled = interaction.p.is_none_or(|value| value > pooling_p);
    let (error_ss, error_df) =
        if pooled { (ss_interaction + ss_error, df[2] + df[3]) } else { (ss_error, df[3]) };
    let against = if pooled { (error_ss, error_df) } else { (ss_interaction, df[2]) };
    let mut lines = vec![line(Source::Part, df[0], ss_part, Some(against))];
    if operators > 1 {
        lines.push(line(Source::Operator, df[1], ss_operator, Some(against)));
    }
    if !pooled {
        lines.push(interaction);
    }
    lines.push(line(Source::Repeatability, error_df, error_ss, None));
    let total = Line { ms: None, ..line(Source::Total, p * o * r - 1.0, grand.m2, None) };
    lines.push(total);

    let ms_error = error_ss / error_df;
    let ms_against = against.0 / against.1;
    let components = Components {
        repeatability: ms_error,
        interaction: if pooled { 0.0 } else { ((ms_against - ms_error) / r).max(0.0) },
        operator: if operators > 1 {
            ((ss_operator / df[1] - ms_against) / (p * r)).max(0.0)
        } else {
            0.0
        },
        part: ((ss_part / df[0] - ms_against) / (o * r)).max(0.0),
    };
    let spreads = Spreads {
        repeatability: sqrt(components.repeatability),
        reproducibility: sqrt(components.operator + components.interaction),
        part: sqrt(components.part),
    };
    Analysis { lines, interaction_p: interaction.p, pooled, components, spreads }
}

fn line(source: Source, df: f64, ss: f64, against: Option<(f64, f64)>) -> Line {
    let ms = (df > 0.0).then(|| ss / df);
    let f = ms.zip(against).map(|(ms, (other_ss, other_df))| ms / (other_ss / other_df));
    let f = f.filter(|f| !f.is_nan());
    let p = f.zip(against).map(|(f, (_, other_df))| f_distribution::sf(f, df, other_df));
    Line { source, df, ss, ms, f, p }
}
