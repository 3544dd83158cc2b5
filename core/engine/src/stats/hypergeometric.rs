//! The hypergeometric distribution: the tail of Fisher's exact test.

use super::binomial::pmf_raw;

/// A draw of `drawn` from a population of `population` with `marked` marked items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Size of the population.
    pub population: u64,
    /// Marked items in it, at most `population`.
    pub marked: u64,
    /// Items drawn, at most `population`.
    pub drawn: u64,
}

impl Draw {
    /// The smallest and largest possible number of marked items drawn; `None` where the
    /// counts contradict each other.
    #[must_use]
    pub fn support(self) -> Option<(u64, u64)> {
        (self.marked <= self.population && self.drawn <= self.population).then(|| {
            let unmarked = self.population - self.marked;
            (self.drawn.saturating_sub(unmarked), self.marked.min(self.drawn))
        })
    }
}

/// P(X = k): three binomial probabilities at the common rate, Loader (2000).
#[must_use]
pub fn pmf(k: u64, draw: Draw) -> f64 {
    let Some((least, most)) = draw.support() else { return f64::NAN };
    if k < least || k > most {
        return 0.0;
    }
    let Draw { population, marked, drawn } = draw;
    let (total, some, few) = (population as f64, marked as f64, drawn as f64);
    if drawn == 0 || drawn == population {
        return 1.0;
    }
    let (p, q) = (few / total, (population - drawn) as f64 / total);
    let k = k as f64;
    pmf_raw(k, some, p, q) * pmf_raw(few - k, total - some, p, q) / pmf_raw(few, total, p, q)
}

/// P(X ≥ k): the one-sided p value of Fisher's exact test.
///
/// The smaller tail is summed from its largest term by the ratio of neighbours; the
/// number of terms is of the order of the standard deviation.
///
/// ```
/// use engine::stats::hypergeometric::{Draw, upper_tail};
/// let tea = Draw { population: 8, marked: 4, drawn: 4 };
/// assert!((upper_tail(3, tea) - 17.0 / 70.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn upper_tail(k: u64, draw: Draw) -> f64 {
    let Some((least, most)) = draw.support() else { return f64::NAN };
    if k <= least {
        return 1.0;
    }
    if k > most {
        return 0.0;
    }
    let mean = draw.marked as f64 * draw.drawn as f64 / draw.population as f64;
    if k as f64 > mean {
        sum_up(k, most, draw).min(1.0)
    } else {
        (1.0 - sum_down(k - 1, least, draw)).clamp(0.0, 1.0)
    }
}

/// P(X ≤ k).
#[must_use]
pub fn lower_tail(k: u64, draw: Draw) -> f64 {
    let Some((least, most)) = draw.support() else { return f64::NAN };
    if k < least {
        return 0.0;
    }
    if k >= most {
        return 1.0;
    }
    let mean = draw.marked as f64 * draw.drawn as f64 / draw.population as f64;
    if (k as f64) < mean {
        sum_down(k, least, draw).min(1.0)
    } else {
        (1.0 - sum_up(k + 1, most, draw)).clamp(0.0, 1.0)
    }
}

/// P(X = k + 1)/P(X = k).
fn ratio_up(k: f64, draw: Draw) -> f64 {
    let (some, few) = (draw.marked as f64, draw.drawn as f64);
    let rest = draw.population as f64 - some - few;
    (some - k) * (few - k) / ((k + 1.0) * (rest + k + 1.0))
}

fn sum_up(from: u64, most: u64, draw: Draw) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in from..most {
        term *= ratio_up(k as f64, draw);
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    pmf(from, draw) * sum
}

fn sum_down(from: u64, least: u64, draw: Draw) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in (least..from).rev() {
        term /= ratio_up(k as f64, draw);
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    pmf(from, draw) * sum
}
