//! Intervals on a proportion, k of n.

use super::query::Interval;

/// The 97.5 % point of the normal distribution.
pub const Z: f64 = 1.959963984540054;

/// "level 0.95"
pub const LEVEL: f64 = 0.95;

/// The interval at level 0.95; n is not 0.
pub fn interval(method: Interval, k: u64, n: u64) -> (f64, f64) {
    match method {
        Interval::Wilson => wilson(k, n, Z),
        Interval::WilsonCc => wilson_cc(k, n, Z),
        Interval::ClopperPearson => clopper_pearson(k, n, 0.05),
    }
}

/// "`(p̂+z²/2n ± z√(p̂(1−p̂)/n + z²/4n²)) / (1+z²/n)`"
pub fn wilson(k: u64, n: u64, z: f64) -> (f64, f64) {
    let (count, n_) = (k as f64, n as f64);
    let p = count / n_;
    let centre = p + z * z / (2.0 * n_);
    let half = z * (p * (1.0 - p) / n_ + z * z / (4.0 * n_ * n_)).sqrt();
    let scale = 1.0 + z * z / n_;
    let low = if k == 0 { 0.0 } else { (centre - half) / scale };
    let high = if k == n { 1.0 } else { (centre + half) / scale };
    (low, high)
}

/// Wilson with continuity correction: those p at which |k − np| − ½ = z√(np(1−p)), solved for p.
///
/// The lower end solves (k − ½ − np)² = z²np(1−p), the upper one (k + ½ − np)² = z²np(1−p).
pub fn wilson_cc(k: u64, n: u64, z: f64) -> (f64, f64) {
    let n_ = n as f64;
    // With c = k ∓ ½: (n² + z²n)p² − (2cn + z²n)p + c² = 0.
    let root = |c: f64, sign: f64| {
        let a = n_ * n_ + z * z * n_;
        let b = 2.0 * c * n_ + z * z * n_;
        (b + sign * (b * b - 4.0 * a * c * c).sqrt()) / (2.0 * a)
    };
    let low = if k == 0 { 0.0 } else { root(k as f64 - 0.5, -1.0) };
    let high = if k == n { 1.0 } else { root(k as f64 + 0.5, 1.0) };
    (low, high)
}

/// "lower = Beta⁻¹(α/2; k, n−k+1), upper = Beta⁻¹(1−α/2; k+1, n−k); k=0 ⇒ lower 0, k=n ⇒ upper 1".
///
/// In words of the binomial: at the lower end k or more have probability α/2, at the upper end k
/// or fewer have.
pub fn clopper_pearson(k: u64, n: u64, alpha: f64) -> (f64, f64) {
    let low = if k == 0 { 0.0 } else { bisect(|p| at_least(k, n, p) < alpha / 2.0) };
    // k or fewer of n at p are n − k or more of n at 1 − p.
    let high = if k == n { 1.0 } else { 1.0 - bisect(|q| at_least(n - k, n, q) < alpha / 2.0) };
    (low, high)
}

/// The point of [0, 1] up to which the condition holds.
fn bisect(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = (low + high) / 2.0;
        if middle <= low || high <= middle {
            return middle;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The probability of k or more successes of n at p.
///
/// Every term is taken relative to the largest, so that none overflows, and those that underflow
/// do not matter.
fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if p <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if p >= 1.0 {
        return 1.0;
    }
    let odds = p / (1.0 - p);
    let mode = (((n + 1) as f64 * p).floor() as u64).min(n);
    let mut terms = vec![0.0; n as usize + 1];
    terms[mode as usize] = 1.0;
    for i in mode + 1..=n {
        terms[i as usize] = terms[i as usize - 1] * ((n - i + 1) as f64 / i as f64) * odds;
    }
    for i in (0..mode).rev() {
        terms[i as usize] = terms[i as usize + 1] * ((i + 1) as f64 / (n - i) as f64) / odds;
    }
    let mut below = 0.0;
    for term in &terms[..k as usize] {
        below += term;
    }
    let mut above = 0.0;
    for term in terms[k as usize..].iter().rev() {
        above += term;
    }
    above / (below + above)
}
