//! A deterministic pseudo-random generator for permutation and bootstrap tests.
//!
//! The seed is an argument: the same call gives the same result on every machine.
//! Not for secrets.

use super::gamma::stirling_remainder;
use super::normal;
use libm::{log, sqrt};

/// xoshiro256**, seeded through SplitMix64.
///
/// Source: D. Blackman & S. Vigna, ACM TOMS 47 (2021) 36.
#[derive(Clone, Debug)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// A generator seeded with `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut mixed = seed;
        let state = [(); 4].map(|()| {
            mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = mixed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        });
        Self { state }
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// Uniform in (0, 1): multiples of 2⁻⁵³, shifted by half of one, never 0 or 1.
    pub fn uniform(&mut self) -> f64 {
        ((self.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// Uniform in 0..bound, by multiplication (Lemire 2019); its bias is below
    /// bound/2⁶⁴. 0 where `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next_u64()) * bound as u128;
        (wide >> 64) as usize
    }

    /// Standard normal, by inversion.
    pub fn normal(&mut self) -> f64 {
        normal::quantile(self.uniform())
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// Binomial with n trials and probability `p` in [0, 1].
    ///
    /// Inversion where n·min(p, 1 − p) < 10, else transformed rejection: W. Hörmann,
    /// Journal of Statistical Computation and Simulation 46 (1993) 101 (algorithm BTRS).
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        if n == 0 || p.is_nan() || p <= 0.0 {
            return 0;
        }
        if n as f64 * p < 10.0 { self.binomial_inversion(n, p) } else { self.binomial_btrs(n, p) }
    }

    fn binomial_inversion(&mut self, n: u64, p: f64) -> u64 {
        let odds = p / (1.0 - p);
        let mut term = libm::exp(n as f64 * libm::log1p(-p));
        let mut left = self.uniform();
        for k in 0..n {
            if left <= term {
                return k;
            }
            left -= term;
            term *= odds * (n - k) as f64 / (k as f64 + 1.0);
            if term == 0.0 {
                return k;
            }
        }
        n
    }

    fn binomial_btrs(&mut self, n: u64, p: f64) -> u64 {
        let total = n as f64;
        let spread = sqrt(total * p * (1.0 - p));
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let c = total * p + 0.5;
        let accept = 0.92 - 4.2 / b;
        let odds = p / (1.0 - p);
        let alpha = (2.83 + 5.1 / b) * spread;
        let mode = ((total + 1.0) * p).floor();
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + c).floor();
            if us >= 0.07 && v <= accept {
                return k as u64;
            }
            if k < 0.0 || k > total {
                continue;
            }
            let v = log(v * alpha / (a / (us * us) + b));
            let bound = (mode + 0.5) * log((mode + 1.0) / (odds * (total - mode + 1.0)))
                + (total + 1.0) * log((total - mode + 1.0) / (total - k + 1.0))
                + (k + 0.5) * log(odds * (total - k + 1.0) / (k + 1.0))
                + stirling_remainder(mode)
                + stirling_remainder(total - mode)
                - stirling_remainder(k)
                - stirling_remainder(total - k);
            if v <= bound {
                return k as u64;
            }
        }
    }
}
