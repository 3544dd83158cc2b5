//! The data of a crossed study, and the figures of both methods.

use core::fmt;
use libm::sqrt;
use std::collections::BTreeMap;

/// Maximum number of readings of a study.
pub const MAX_CELLS: usize = 100_000;

/// One reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The part.
    pub part: String,
    /// The operator, or the station.
    pub operator: String,
    /// The measured value.
    pub value: f64,
}

/// A balanced crossed study.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Names of the parts, ascending.
    pub parts: Vec<String>,
    /// Names of the operators, ascending.
    pub operators: Vec<String>,
    /// Readings per cell.
    pub repeats: usize,
    /// [part][operator][repeat].
    values: Vec<f64>,
}

/// Why readings are not a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Fewer than two parts.
    TooFewParts,
    /// Fewer than two readings in a cell.
    TooFewRepeats,
    /// A part was not measured by every operator equally often.
    Unbalanced,
    /// A reading is not a finite number.
    NotFinite,
    /// More than [`MAX_CELLS`] readings.
    TooLarge,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFewParts => "a gage study needs at least two parts",
            Self::TooFewRepeats => {
                "a gage study needs at least two readings of each part by each operator"
            }
            Self::Unbalanced => "every operator must measure every part equally often",
            Self::NotFinite => "a reading is not a finite number",
            Self::TooLarge => "a gage study takes at most 100,000 readings",
        })
    }
}

impl core::error::Error for Unusable {}

impl Study {
    /// Orders readings into a study; their order within a cell is kept.
    ///
    /// # Errors
    /// Where they are not a balanced crossed study with two parts and two repeats; one
    /// operator is enough (there is then no reproducibility).
    pub fn new(readings: &[Reading]) -> Result<Self, Unusable> {
        if readings.len() > MAX_CELLS {
            return Err(Unusable::TooLarge);
        }
        let mut cells: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
        for reading in readings {
            if !reading.value.is_finite() {
                return Err(Unusable::NotFinite);
            }
            cells.entry((&reading.part, &reading.operator)).or_default().push(reading.value);
        }
        let mut parts: Vec<&str> = cells.keys().map(|key| key.0).collect();
        parts.dedup();
        let mut operators: Vec<&str> = cells.keys().map(|key| key.1).collect();
        operators.sort_unstable();
        operators.dedup();
        let repeats = cells.values().map(Vec::len).min().unwrap_or(0);
        if parts.len() < 2 {
            return Err(Unusable::TooFewParts);
        }
        if cells.len() != parts.len() * operators.len()
            || cells.values().any(|cell| cell.len() != repeats)
        {
            return Err(Unusable::Unbalanced);
        }
        if repeats < 2 {
            return Err(Unusable::TooFewRepeats);
        }
        Ok(Self {
            parts: parts.into_iter().map(String::from).collect(),
            operators: operators.into_iter().map(String::from).collect(),
            repeats,
            values: cells.into_values().flatten().collect(),
        })
    }

    /// The readings of one cell.
    #[must_use]
    pub fn cell(&self, part: usize, operator: usize) -> &[f64] {
        let from = (part * self.operators.len() + operator) * self.repeats;
        self.values.get(from..from + self.repeats).unwrap_or(&[])
    }

    /// All readings.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All readings of a part.
    #[must_use]
    pub fn part(&self, part: usize) -> &[f64] {
        let length = self.operators.len() * self.repeats;
        self.values.get(part * length..(part + 1) * length).unwrap_or(&[])
    }

    /// All readings of an operator.
    #[must_use]
    pub fn operator(&self, operator: usize) -> Vec<f64> {
        (0..self.parts.len()).flat_map(|part| self.cell(part, operator)).copied().collect()
    }
}

/// Standard deviations of the sources of variation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spreads {
    /// EV: the same operator and part again.
    pub repeatability: f64,
    /// AV: between operators, interaction included.
    pub reproducibility: f64,
    /// PV: between parts.
    pub part: f64,
}

impl Spreads {
    /// GRR = √(EV² + AV²).
    #[must_use]
    pub fn grr(&self) -> f64 {
        sqrt(self.repeatability * self.repeatability + self.reproducibility * self.reproducibility)
    }

    /// TV = √(GRR² + PV²).
    #[must_use]
    pub fn total(&self) -> f64 {
        let grr = self.grr();
        sqrt(grr * grr + self.part * self.part)
    }

    /// Number of distinct categories, ⌊1.41 PV/GRR⌋, at least 1; `None` where GRR is 0
    /// (more than can be counted).
    #[must_use]
    pub fn distinct_categories(&self) -> Option<u64> {
        let grr = self.grr();
        (grr > 0.0).then(|| (1.41 * self.part / grr).floor().clamp(1.0, 1e9) as u64)
    }

    /// GRR as a fraction of the total variation.
    #[must_use]
    pub fn grr_share(&self) -> Option<f64> {
        let total = self.total();
        (total > 0.0).then(|| self.grr() / total)
    }

    /// The verdict of the AIAG: below 10 % good, up to 30 % conditional, else bad; fewer
    /// than five categories are at most conditional.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let share = self.grr_share()?;
        let is_coarse = self.distinct_categories().is_some_and(|categories| categories < 5);
        Some(if share > 0.3 {
            Verdict::Unacceptable
        } else if share >= 0.1 || is_coarse {
            Verdict::Conditional
        } else {
            Verdict::Acceptable
        })
    }
}

/// The classification of GRR in AIAG's MSA manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Below 10 %.
    Acceptable,
    /// 10 % to 30 %.
    Conditional,
    /// Above 30 %.
    Unacceptable,
}

impl Verdict {
    /// The name in responses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Acceptable => "acceptable",
            Self::Conditional => "conditional",
            Self::Unacceptable => "unacceptable",
        }
    }
}
