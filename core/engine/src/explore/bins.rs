//! Histogram bins of measured values.

/// The maximum number of bins.
const BINS: usize = 40;
/// Powers of ten up to this one are exact.
const EXACT: i32 = 22;

/// The ratio of values above which a scale is logarithmic.
const DECADES: f64 = 1000.0;
/// The lower bin edges within each decade of a logarithmic scale, in tenths and hundredths of a
/// power of ten, from the finest series: R10, then 1-2-5, 1-3 and 1. In all but the first, edges
/// are integer multiples of their power of ten.
const SERIES: [&[(i64, i32)]; 4] = [
    &[(1, 0), (125, -2), (16, -1), (2, 0), (25, -1), (32, -1), (4, 0), (5, 0), (63, -1), (8, 0)],
    &[(1, 0), (2, 0), (5, 0)],
    &[(1, 0), (3, 0)],
    &[(1, 0)],
];

/// The lower edges of histogram bins: at most forty, ascending, of one round width (1, 2, 2.5 or 5
/// times a power of ten). The first bin also holds smaller values, and the last has no upper edge.
/// A value that is not finite is ignored.
///
/// If all values between the first and the 99th percentile are positive and span more than three
/// decades, bins are even on a logarithmic scale instead; see [`are_logarithmic`]. The same applies
/// if some values are zero and the positive ones span as much: zeros have no logarithm, so they are
/// in a first bin of their own, with smaller values.
///
/// The bins are the narrowest that cover the values from the first to the 99th percentile, or all
/// values if these two are equal. The width is a multiple of the power of ten to which all values
/// are rounded: otherwise bins of 2.5 over integers would hold two and three of them alternately.
/// Equal values give one bin that begins there; without values there are no bins.
///
/// Edges are the doubles nearest to their decimals: 0.35, not 0.35000000000000003.
///
/// ```
/// use engine::explore::bins;
/// assert_eq!(bins(vec![3.0, 5.0, 4.0, 4.0, f64::NAN]), [3.0, 4.0, 5.0]);
/// assert_eq!(bins(vec![0.7; 9]), [0.7]);
/// ```
#[must_use]
pub fn bins(mut values: Vec<f64>) -> Vec<f64> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let (Some(least), Some(greatest)) = (values.first().copied(), values.last().copied()) else {
        return Vec::new();
    };
    if least == greatest {
        return vec![least + 0.0]; // never −0
    }
    if least == 0.0 {
        let positive = values.partition_point(|value| *value <= 0.0);
        let positive = &values[positive..];
        let (from, to) = inner(positive);
        if to / from > DECADES {
            let mut edges = logarithmic(positive, from, to, BINS - 1);
            edges.insert(0, 0.0);
            return edges;
        }
    }
    let beyond = values.len() / 100;
    let (mut from, mut to) = (values[beyond], values[values.len() - 1 - beyond]);
    if from == to {
        (from, to) = (least, greatest);
    }
    if least > 0.0 && to / from > DECADES {
        return logarithmic(&values, from, to, BINS);
    }
    // Divided before the subtraction, which could overflow; and wide enough that adjacent edges are
    // different doubles.
    let span = to / BINS as f64 - from / BINS as f64;
    let narrowest = span.max(to.abs().max(from.abs()) * f64::EPSILON);
    let decade = libm::log10(narrowest.max(f64::MIN_POSITIVE)) as i32 - 2;
    (decade..=308)
        .flat_map(|of| [(1, of), (2, of), (25, of - 1), (5, of)])
        .skip_while(|(times, of)| decimal(*times, *of) < narrowest)
        .filter(|(_, of)| !are_multiples(&values, of + 1))
        .find_map(|(times, of)| edges(from, to, times, of))
        .unwrap_or_else(|| vec![least])
}

/// Whether bins are even on a logarithmic scale rather than on a linear one. Forty bins of one
/// width that begin above zero end below 41 times the first edge.
///
/// ```
/// use engine::explore::{are_logarithmic, bins};
/// assert!(are_logarithmic(&bins(vec![1e-9, 1e-7, 1e-5])));
/// assert!(!are_logarithmic(&bins(vec![1.0, 100.0, 1000.0])));
/// ```
#[must_use]
pub fn are_logarithmic(edges: &[f64]) -> bool {
    let ends = edges.first().zip(edges.last());
    let wide = |first: f64, last: f64| first > 0.0 && last / first > 100.0;
    ends.is_some_and(|(first, last)| wide(*first, *last)) || have_zero_bin(edges)
}

/// Whether bins are logarithmic after a first bin for zeros.
///
/// ```
/// use engine::explore::{bins, have_zero_bin};
/// assert!(have_zero_bin(&bins(vec![0.0, 1e-9, 1e-7, 1e-5])));
/// assert!(!have_zero_bin(&bins(vec![0.0, 1.0, 2.0])));
/// ```
#[must_use]
pub fn have_zero_bin(edges: &[f64]) -> bool {
    // Forty bins of one width that begin at zero end at 39 times the second edge.
    matches!(edges, [0.0, second, .., last] if last / second > 100.0)
}

/// The first and the 99th percentile of ascending values, or the minimum and the maximum if these
/// two are equal.
fn inner(values: &[f64]) -> (f64, f64) {
    let beyond = values.len() / 100;
    let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    let ends = |beyond: usize| (at(beyond), at(values.len().saturating_sub(1 + beyond)));
    match ends(beyond) {
        (from, to) if from == to => ends(0),
        inner => inner,
    }
}

/// The edges of the finest series with at most `most` edges from one positive value to another;
/// otherwise whole decades, or several decades per bin.
fn logarithmic(values: &[f64], from: f64, to: f64, most: usize) -> Vec<f64> {
    let decade = |value: f64| libm::floor(libm::log10(value)) as i32;
    let (lowest, highest) = (decade(from) - 1, decade(to) + 1);
    // Finer edges between integers would give empty bins.
    let finest = usize::from(are_multiples(values, decade(from)));
    let scales = SERIES[finest..].iter().map(|series| (*series, 1));
    let coarse = (2..).map(|step| (SERIES[SERIES.len() - 1], step));
    scales
        .chain(coarse)
        .map(|(series, step)| {
            let decades = (lowest - step..=highest).filter(|of| of.rem_euclid(step) == 0);
            let edges =
                decades.flat_map(|of| series.iter().map(move |(times, by)| (*times, of + by)));
            let mut edges: Vec<f64> = edges.map(|(times, of)| decimal(times, of)).collect();
            let begin = edges.iter().rposition(|edge| *edge <= from).unwrap_or(0);
            edges.drain(..begin);
            edges.retain(|edge| 0.0 < *edge && *edge <= to);
            edges.dedup();
            // There is no decade below the smallest normal numbers.
            if edges.first().is_none_or(|edge| *edge > from) {
                edges.insert(0, from);
            }
            edges
        })
        .find(|edges| edges.len() <= most)
        .unwrap_or_default()
}

/// The edges of bins of width `times`·10^`of` that cover a range; `None` if there would be too
/// many, or adjacent edges would be equal.
fn edges(from: f64, to: f64, times: i64, of: i32) -> Option<Vec<f64>> {
    let edge = |bin: i64| decimal(bin.saturating_mul(times), of);
    // The quotient is rounded.
    let near = (from / decimal(times, of)) as i64;
    let first = (near - 2..=near + 2).rev().find(|bin| edge(*bin) <= from)?;
    let edges: Vec<f64> =
        (first..).take(BINS + 1).map(edge).take_while(|edge| *edge <= to).collect();
    let apart = edges.is_sorted_by(|edge, next| edge < next);
    (apart && edges.len() <= BINS && edges[0].is_finite()).then_some(edges)
}

/// `times`·10^`of`, rounded once.
fn decimal(times: i64, of: i32) -> f64 {
    format!("{times}e{of}").parse().unwrap_or(f64::NAN)
}

/// Whether all values are integer multiples of a power of ten, in their shortest decimal form.
fn are_multiples(values: &[f64], of: i32) -> bool {
    let power = decimal(1, of.abs());
    match of {
        0..=EXACT => values.iter().all(|value| value % power == 0.0),
        _ if (-EXACT..0).contains(&of) => {
            values.iter().all(|value| libm::round(value * power) / power == *value)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// The index of the bin that holds a value.
    fn bin(edges: &[f64], value: f64) -> usize {
        edges.partition_point(|edge| *edge <= value).saturating_sub(1)
    }

    fn values() -> impl Strategy<Value = Vec<f64>> {
        let rounded = (-3000..3000_i32, 0..4_u32)
            .prop_map(|(n, digits)| f64::from(n) / f64::from(10_u32.pow(digits)));
        let like = prop_oneof![
            vec(-50..50_i32, 1..300).prop_map(|all| all.into_iter().map(f64::from).collect()),
            vec(rounded, 1..300),
            (any::<f64>(), vec(0..30_u64, 1..99)).prop_map(|(from, steps)| {
                steps
                    .into_iter()
                    .map(|step| f64::from_bits(from.to_bits().saturating_add(step)))
                    .collect()
            }),
            vec(any::<f64>(), 1..300),
        ];
        (like, vec(any::<f64>(), 0..3))
            .prop_map(|(like, others): (Vec<f64>, _)| [like, others].concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn at_most_forty_even_bins_hold_ninety_eight_of_a_hundred_values(values in values()) {
            let edges = bins(values.clone());
            let finite: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
            prop_assert_eq!(edges.is_empty(), finite.is_empty());
            prop_assert!(edges.len() <= 40 && edges.is_sorted_by(|a, b| a < b), "{:?}", edges);
            prop_assert!(edges.iter().all(|edge| edge.is_finite()));
            if are_logarithmic(&edges) {
                let (first, last) = (edges[0], edges[edges.len() - 1]);
                let ratios = edges.windows(2).map(|pair| pair[1] / pair[0]).filter(|it| it.is_finite());
                let widest = ratios.fold(1.0, f64::max);
                let outside = finite.iter().filter(|value| **value < first || **value / last > widest * 1.001);
                prop_assert!(outside.count() * 100 <= finite.len() * 2, "{:?} of {:?}", edges, finite);
            } else if let [first, second, ..] = edges.as_slice() {
                let width = second - first;
                for pair in edges.windows(2) {
                    let off = (pair[1] - pair[0] - width).abs();
                    let ulp = f64::EPSILON * pair[1].abs().max(first.abs()) + 5e-324;
                    prop_assert!(off <= 4.0 * ulp, "{:?}", edges);
                }
                let outside = finite.iter().filter(|value| **value < *first || **value - edges[edges.len() - 1] > width * 1.001);
                prop_assert!(outside.count() * 100 <= finite.len() * 2, "{:?} of {:?}", edges, finite);
            }
            for value in finite {
                let at = bin(&edges, value);
                prop_assert!(at == 0 || edges[at] <= value);
                prop_assert!(edges.get(at + 1).is_none_or(|next| value < *next));
            }
        }

        #[test]
        fn edges_have_no_more_decimals_than_the_values(
            (digits, from, spread) in (0..7_i32, -100_000..100_000_i64, 1..5_000_i64),
            steps in vec(0..1_000_i64, 1..200),
        ) {
            let values = steps.iter().map(|step| decimal(from + step * spread / 1000, -digits)).collect();
            let edges = bins(values);
            prop_assume!(!are_logarithmic(&edges));
            for edge in edges {
                let text = edge.to_string();
                let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                prop_assert!(decimals <= digits as usize, "{}", text);
            }
        }
    }

    #[test]
    fn widths_are_round_numbers() {
        let spread =
            |from: i64, to: i64, of: i32| bins((from..=to).map(|n| decimal(n, of)).collect());
        assert_eq!(spread(0, 1000, -3)[..4], [0.0, 0.025, 0.05, 0.075]);
        assert_eq!(spread(750, 1150, -3)[..4], [0.75, 0.76, 0.77, 0.78]);
        assert_eq!(spread(-700, 100, -1)[..3], [-70.0, -68.0, -66.0]);
        assert_eq!(spread(0, 199, 0)[..3], [0.0, 5.0, 10.0]);
        assert_eq!(spread(35, 40, -2), [0.35, 0.36, 0.37, 0.38, 0.39, 0.4]);
    }

    #[test]
    fn bins_over_whole_numbers_each_hold_as_many_of_them() {
        // 2.5 would be the narrowest width.
        let edges = bins((0..=95).map(f64::from).collect());
        assert_eq!(edges[..3], [0.0, 5.0, 10.0]);
        let edges = bins((0..=9).map(|n| f64::from(n) * 100.0).collect());
        assert_eq!(edges, (0..=9).map(|n| f64::from(n) * 100.0).collect::<Vec<_>>());
        assert_eq!(bins(vec![0.0, 0.37]).len(), 38);
    }

    #[test]
    fn positive_values_over_more_than_three_decades_have_logarithmic_bins() {
        // Bit error rates.
        let rates: Vec<f64> =
            (0..300).map(|at| decimal(1 + at % 9, -12 + (at % 8) as i32)).collect();
        let edges = bins(rates.clone());
        assert!(are_logarithmic(&edges) && edges.len() > 20, "{edges:?}");
        assert_eq!(edges[..4], [1e-12, 2e-12, 5e-12, 1e-11]);
        let most = |edges: &[f64]| {
            let mut counts = vec![0; edges.len()];
            rates.iter().for_each(|rate| counts[bin(edges, *rate)] += 1);
            counts.into_iter().max().unwrap()
        };
        assert!(most(&edges) < 30, "no bin holds nearly all");
        // Four decades of values that are not integers use the R10 series (Renard).
        let edges = bins((0..40).map(|at| 1.5 * libm::exp10(f64::from(at) / 10.0)).collect());
        assert_eq!(edges[..5], [1.25, 1.6, 2.0, 2.5, 3.2]);
        // Integers are not divided.
        let edges = bins((1..=5000).map(f64::from).collect());
        assert!(!are_logarithmic(&edges), "all but two hundredths span less: {edges:?}");
        assert_eq!(bins(vec![1.0, 40.0, 5000.0])[..4], [1.0, 2.0, 5.0, 10.0]);
        // Negative values have no logarithm.
        assert!(!are_logarithmic(&bins(vec![-1.0, 1e-3, 1e6])));
        // From the smallest positive double to the greatest.
        let edges = bins(vec![5e-324, 1.0, f64::MAX]);
        assert!(edges.len() <= 40 && edges.is_sorted_by(|a, b| a < b), "{edges:?}");
    }

    #[test]
    fn zeros_are_in_a_bin_before_those_of_a_logarithmic_scale() {
        let rates: Vec<f64> =
            (0..300).map(|at| decimal(1 + at % 9, -12 + (at % 8) as i32)).collect();
        for zeros in [1, 150] {
            let with_zeros = [vec![0.0; zeros], rates.clone()].concat();
            let edges = bins(with_zeros.clone());
            assert!(are_logarithmic(&edges) && have_zero_bin(&edges), "{edges:?}");
            assert_eq!(edges[..4], [0.0, 1e-12, 2e-12, 5e-12]);
            let in_first = with_zeros.iter().filter(|rate| bin(&edges, **rate) == 0).count();
            assert_eq!((in_first, edges.len() <= 40), (zeros, true));
        }
        assert!(!have_zero_bin(&bins(rates)));
        assert!(!are_logarithmic(&bins((0..=5000).map(f64::from).collect())));
    }

    #[test]
    fn outliers_are_in_the_first_and_the_last_bin() {
        let mut values: Vec<f64> = (0..1000).map(|n| decimal(n, -3)).collect();
        values.extend([1e9, -1e300, f64::INFINITY]);
        let edges = bins(values);
        assert_eq!((edges[0], edges.len()), (0.0, 40));
        assert_eq!((bin(&edges, -1e300), bin(&edges, 1e9)), (0, 39));
        // All but a few values are equal.
        let mut values = vec![5.0; 1000];
        values.push(25.0);
        assert_eq!(bins(values).last(), Some(&25.0));
    }

    #[test]
    fn the_greatest_and_the_smallest_numbers_have_bins_too() {
        assert_eq!(bins(vec![-1e308, 0.0, 1e308])[..3], [-1e308, -9e307, -8e307]);
        assert_eq!(bins(vec![f64::MIN, f64::MAX]).len(), 1, "no bin begins below the least");
        assert_eq!(bins(vec![5e-324, 1e-323]).len(), 1);
        assert_eq!(bins(vec![1e300, 1e300_f64.next_up()]).len(), 2);
        assert!(bins(vec![f64::NAN, f64::INFINITY]).is_empty());
    }
}
