//! Mean, variance, skewness, kurtosis and lag-1 autocorrelation of a sample.

use super::count;
use libm::sqrt;

/// Count, mean and sum of squared deviations: mergeable exactly in structure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Number of values.
    pub n: u64,
    /// Their mean; 0 without values.
    pub mean: f64,
    /// Σ(x − mean)².
    pub m2: f64,
}

impl Moments {
    /// Of a sample, in two passes with a shift by the first value and the correction of
    /// Chan, Golub and LeVeque (1983): accurate to the digits that the doubles allow
    /// where the spread is tiny beside the mean.
    ///
    /// ```
    /// use engine::stats::moments::Moments;
    /// let m = Moments::from_values(&[10_000_001.0, 10_000_003.0, 10_000_002.0]);
    /// assert_eq!((m.mean, m.sd()), (10_000_002.0, Some(1.0)));
    /// ```
    #[must_use]
    pub fn from_values(values: &[f64]) -> Self {
        let Some(&shift) = values.first() else { return Self::default() };
        let centre = sum(values.iter().map(|x| x - shift)) / count(values.len());
        let (mut m2, mut m2_lost) = (0.0, 0.0);
        let (mut rest, mut rest_lost) = (0.0, 0.0);
        for x in values {
            let deviation = (x - shift) - centre;
            add(&mut rest, &mut rest_lost, deviation);
            add(&mut m2, &mut m2_lost, deviation * deviation);
        }
        let rest = rest + rest_lost;
        let n = count(values.len());
        Self {
            n: values.len() as u64,
            mean: shift + (centre + rest / n),
            m2: ((m2 + m2_lost) - rest * rest / n).max(0.0),
        }
    }

    /// Adds one value (Welford 1962).
    pub fn push(&mut self, x: f64) {
        self.n += 1;
        let before = x - self.mean;
        self.mean += before / self.n as f64;
        self.m2 += before * (x - self.mean);
    }

    /// The moments of both samples together (Chan, Golub & LeVeque 1979).
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.n == 0 {
            return other;
        }
        if other.n == 0 {
            return self;
        }
        let n = self.n + other.n;
        let (here, there, total) = (self.n as f64, other.n as f64, n as f64);
        let difference = other.mean - self.mean;
        Self {
            n,
            mean: self.mean + difference * (there / total),
            m2: self.m2 + other.m2 + difference * difference * (here * there / total),
        }
    }

    /// Unbiased variance m2/(n − 1); `None` below two values.
    #[must_use]
    pub fn variance(self) -> Option<f64> {
        (self.n >= 2).then(|| self.m2 / (self.n - 1) as f64)
    }

    /// Standard deviation, the square root of [`Self::variance`].
    #[must_use]
    pub fn sd(self) -> Option<f64> {
        self.variance().map(sqrt)
    }
}

/// Skewness g₁ = m₃/m₂^1.5 and excess kurtosis g₂ = m₄/m₂² − 3, with moments divided by
/// n. `None` where there is no variation.
#[must_use]
pub fn skewness_kurtosis(values: &[f64]) -> Option<(f64, f64)> {
    let moments = Moments::from_values(values);
    let n = count(values.len());
    let m2 = moments.m2 / n;
    if moments.n == 0 || m2 <= 0.0 || m2.is_nan() {
        return None;
    }
    let m3 = sum(values.iter().map(|x| cube(x - moments.mean))) / n;
    let m4 = sum(values.iter().map(|x| (x - moments.mean) * cube(x - moments.mean))) / n;
    Some((m3 / (m2 * sqrt(m2)), m4 / (m2 * m2) - 3.0))
}

/// Lag-1 autocorrelation Σ(xᵢ − x̄)(xᵢ₊₁ − x̄)/Σ(xᵢ − x̄)²; `None` without variation.
#[must_use]
pub fn autocorrelation(values: &[f64]) -> Option<f64> {
    let moments = Moments::from_values(values);
    let products =
        values.windows(2).map(|pair| (pair[0] - moments.mean) * (pair[1] - moments.mean));
    (moments.m2 > 0.0).then(|| sum(products) / moments.m2)
}

fn cube(x: f64) -> f64 {
    x * x * x
}

/// Sum with Neumaier's compensation.
pub(crate) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0, 0.0);
    for value in values {
        add(&mut total, &mut lost, value);
    }
    total + lost
}

fn add(total: &mut f64, lost: &mut f64, value: f64) {
    let next = *total + value;
    *lost +=
        if total.abs() >= value.abs() { (*total - next) + value } else { (value - next) + *total };
    *total = next;
}
