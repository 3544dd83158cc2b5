//! Histogram bins of durations.

use domain::frame::Codes;

/// Bins of equal width, except for the last, which has no upper edge.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    edges: Vec<u32>,
    codes: Vec<u8>,
}

/// The possible bin widths in seconds: round numbers.
const WIDTHS: [u32; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
    86_400,
];
/// The maximum number of bins.
const BINS: u32 = 40;
/// The sample size for the choice of a width.
const SAMPLE: usize = 10_000;

impl Durations {
    /// The narrowest bins, at most forty, that cover 98 % of the durations in a sample.
    pub(super) fn new(seconds: Codes<'_>) -> Self {
        let none = seconds.none();
        let stride = seconds.len() / SAMPLE + 1;
        let mut sample: Vec<u32> = (0..seconds.len())
            .step_by(stride)
            .filter_map(|row| seconds.get(row))
            .filter(|second| *second != none)
            .collect();
        sample.sort_unstable();
        let long = sample.get(sample.len() * 98 / 100).copied().unwrap_or_default();
        let longest = sample.last().copied().unwrap_or_default();
        let width = WIDTHS.into_iter().find(|width| long / width < BINS).unwrap_or(86_400);
        let last = (longest / width).min(BINS - 1);
        // Fewer than 256.
        let code = |second: u32| (second / width).min(last) as u8;
        let codes = seconds
            .iter()
            .map(|second| if second == none { last as u8 + 1 } else { code(second) })
            .collect();
        Self { edges: (0..=last).map(|bin| bin * width).collect(), codes }
    }

    pub(super) fn edges(&self) -> &[u32] {
        &self.edges
    }

    pub(super) fn codes(&self) -> &[u8] {
        &self.codes
    }

    /// The number of codes: the bins, and "none".
    pub(super) fn values(&self) -> usize {
        self.edges.len() + 1
    }
}
