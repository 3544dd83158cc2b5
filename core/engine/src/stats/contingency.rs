//! Two-by-two tables: Fisher's exact test, odds ratio, Cramér's V, and
//! Cochran–Mantel–Haenszel over strata.

use super::hypergeometric::{Draw, upper_tail};
use super::{Range, normal};
use libm::{exp, log, sqrt};

/// Counts of a property (with, without) against an outcome (failing, passing).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Failing, with the property.
    pub a: u64,
    /// Passing, with the property.
    pub b: u64,
    /// Failing, without.
    pub c: u64,
    /// Passing, without.
    pub d: u64,
}

/// An estimate with its two-sided interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its interval.
    pub ci: Range,
}

impl Table {
    /// All counts.
    #[must_use]
    pub fn n(self) -> u64 {
        self.a + self.b + self.c + self.d
    }

    fn as_f64(self) -> [f64; 4] {
        [self.a, self.b, self.c, self.d].map(|count| count as f64)
    }

    /// (a d)/(b c). `None` where numerator and denominator are 0; ∞ where only b c is 0.
    #[must_use]
    pub fn odds_ratio(self) -> Option<f64> {
        let [a, b, c, d] = self.as_f64();
        let (top, bottom) = (a * d, b * c);
        (top > 0.0 || bottom > 0.0).then(|| top / bottom)
    }

    /// Interval of the odds ratio: Woolf's, with ½ added to each count (Haldane,
    /// Anscombe), so that it exists where a count is 0.
    ///
    /// ln OR ± z √(1/a + 1/b + 1/c + 1/d), counts increased by ½.
    #[must_use]
    pub fn odds_ratio_ci(self, level: f64) -> Option<Range> {
        let z = normal::two_sided(level)?;
        let [a, b, c, d] = self.as_f64().map(|count| count + 0.5);
        let centre = log(a * d / (b * c));
        let reach = z * sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d);
        Some(Range { low: exp(centre - reach), high: exp(centre + reach) })
    }

    /// Failing share with the property over the share without; `None` where a group is
    /// empty or nothing fails without.
    #[must_use]
    pub fn lift(self) -> Option<f64> {
        let [a, b, c, d] = self.as_f64();
        (a + b > 0.0 && c > 0.0).then(|| a / (a + b) / (c / (c + d)))
    }

    /// Fisher's exact test, alternative "failing is more frequent with the property".
    ///
    /// ```
    /// use engine::stats::contingency::Table;
    /// let tea = Table { a: 3, b: 1, c: 1, d: 3 };
    /// assert!((tea.fisher_greater() - 0.242_857_142_857_142_86).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn fisher_greater(self) -> f64 {
        upper_tail(
            self.a,
            Draw { population: self.n(), marked: self.a + self.c, drawn: self.a + self.b },
        )
    }

    /// Fisher's exact test, alternative "less frequent".
    #[must_use]
    pub fn fisher_less(self) -> f64 {
        // Exchanging the columns turns "less failing" into "more passing".
        Self { a: self.b, b: self.a, c: self.d, d: self.c }.fisher_greater()
    }

    /// Cramér's V, |φ| for two by two: |ad − bc| / √(row and column totals), in [0, 1].
    /// `None` where a row or a column is empty.
    #[must_use]
    pub fn cramers_v(self) -> Option<f64> {
        let [a, b, c, d] = self.as_f64();
        let bottom = sqrt(a + b) * sqrt(c + d) * sqrt(a + c) * sqrt(b + d);
        (bottom > 0.0).then(|| (a * d - b * c).abs() / bottom)
    }
}

/// The common odds ratio over strata, and the test that it is above 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MantelHaenszel {
    /// Mantel–Haenszel odds ratio with the interval of Robins, Breslow and Greenland;
    /// `None` where it is 0 or infinite.
    pub odds_ratio: Option<Estimate>,
    /// The square root of the Cochran–Mantel–Haenszel statistic, with its sign, without
    /// continuity correction.
    pub z: f64,
    /// One-sided p value of "greater".
    pub p_greater: f64,
}

/// Cochran–Mantel–Haenszel over `strata`.
///
/// OR = Σ(aᵢdᵢ/nᵢ) / Σ(bᵢcᵢ/nᵢ); z = Σ(aᵢ − E aᵢ)/√Σ Var aᵢ. Strata in which a row or a column is
/// empty are uninformative and omitted. `None` where no stratum is left.
///
/// Source: Mantel & Haenszel, JNCI 22 (1959) 719; Robins, Breslow & Greenland,
/// Biometrics 42 (1986) 311. R: `mantelhaen.test(correct = FALSE)`.
#[must_use]
pub fn mantel_haenszel(strata: &[Table], level: f64) -> Option<MantelHaenszel> {
    let normal_z = normal::two_sided(level)?;
    let (mut r_sum, mut s_sum, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut excess, mut variance) = (0.0, 0.0);
    for table in strata {
        let [a, b, c, d] = table.as_f64();
        let n = a + b + c + d;
        if n < 2.0 || table.cramers_v().is_none() {
            continue;
        }
        let (r, s) = (a * d / n, b * c / n);
        let (p, q) = ((a + d) / n, (b + c) / n);
        r_sum += r;
        s_sum += s;
        pr += p * r;
        mixed += p * s + q * r;
        qs += q * s;
        excess += a - (a + b) * (a + c) / n;
        variance += (a + b) / n * ((c + d) / n) * (a + c) * ((b + d) / (n - 1.0));
    }
    if variance <= 0.0 {
        return None;
    }
    let z = excess / sqrt(variance);
    let odds_ratio = (r_sum > 0.0 && s_sum > 0.0).then(|| {
        let value = r_sum / s_sum;
        let var =
            pr / (2.0 * r_sum * r_sum) + mixed / (2.0 * r_sum * s_sum) + qs / (2.0 * s_sum * s_sum);
        let reach = normal_z * sqrt(var);
        Estimate { value, ci: Range { low: value * exp(-reach), high: value * exp(reach) } }
    });
    Some(MantelHaenszel { odds_ratio, z, p_greater: normal::sf(z) })
}
