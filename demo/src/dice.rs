//! A deterministic random generator, the same on every machine and in every version.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// xoshiro256++, seeded through SplitMix64. Only its 64-bit words are used: other versions of
/// `rand` may sample ranges and fractions differently, and `std` may round logarithms differently
/// on other machines.
#[derive(Debug)]
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// An independent stream per entity, so that a change to one does not affect the others:
    /// `number` is the index of the entity, `of` the kind.
    pub(crate) fn new(seed: u64, of: u64, number: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed.rotate_left(40) ^ (of << 32) ^ number))
    }

    /// Uniform in [0, 1).
    pub(crate) fn share(&mut self) -> f64 {
        // As many bits as the mantissa of an f64.
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Uniform from 0 to below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The upper half of the product: less than 2^64, as `end` is.
        ((u128::from(self.0.next_u64()) * u128::from(end)) >> 64) as u64
    }

    /// Uniform from `low` to below `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low))
    }

    /// A random item of a non-empty list.
    pub(crate) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// A random item of a list, by weight.
    pub(crate) fn weighted<'a, T>(&mut self, list: &'a [(u64, T)]) -> &'a T {
        let mut left = self.below(list.iter().map(|(weight, _)| weight).sum());
        for (weight, it) in list {
            match left.checked_sub(*weight) {
                None => return it,
                Some(rest) => left = rest,
            }
        }
        &list[0].1
    }

    /// Approximately normal with mean 0 and standard deviation 1, bounded by [`MAX_DEVIATION`]: values
    /// that must be within limits never exceed them by chance.
    pub(crate) fn bounded_normal(&mut self) -> f64 {
        let sum: f64 = (0..4).map(|_| self.share()).sum();
        (sum - 2.0) * MAX_DEVIATION / 2.0
    }
}

/// The bound of [`Dice::bounded_normal`]: 2√3, since the variance of the sum of four uniforms is ⅓.
pub(crate) const MAX_DEVIATION: f64 = 3.464_101_615_137_754_6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_published_generator() {
        // xoshiro256++ after SplitMix64 from 0: the reference vector of rand_core.
        let mut dice = Dice::new(0, 0, 0);
        assert_eq!(dice.0.next_u64(), 5_987_356_902_031_041_503);
    }

    #[test]
    fn a_bounded_normal_has_mean_0_and_deviation_1() {
        let mut dice = Dice::new(1, 2, 3);
        let drawn: Vec<f64> = (0..100_000).map(|_| dice.bounded_normal()).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / drawn.len() as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        assert!(drawn.iter().all(|x| x.abs() <= MAX_DEVIATION));
    }

    #[test]
    fn choices_follow_their_weights() {
        let mut dice = Dice::new(1, 2, 3);
        let list = [(3, 'a'), (0, 'b'), (1, 'c')];
        let drawn: String = (0..10_000).map(|_| dice.weighted(&list)).collect();
        let share = drawn.matches('a').count() as f64 / 10_000.0;
        assert!((share - 0.75).abs() < 0.02 && !drawn.contains('b'), "{share}");
    }
}
