//! Bins for what was measured.

/// Bins, at most.
const BINS: usize = 40;
/// Powers of ten up to this one are exact.
const EXACT: i32 = 22;

/// Where bins begin that show how values are spread: at most forty, ascending, of an even
/// width that people count in, 1, 2, 2.5 or 5 times a power of ten. The first also holds what
/// is below it, and the last has no end. What is not finite counts as no value.
///
/// They are the narrowest that hold all values but the lowest and the highest hundredth, or
/// all where these are alike. Their width is a multiple of the power of ten to which all
/// values are rounded, for bins of 2.5 over whole numbers would hold two and three of them by
/// turns. A single value, however often, is one bin that begins there; where there is none,
/// there are no bins.
///
/// Edges are the numbers that their decimals say: 0.35, not 0.35000000000000003.
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
    let beyond = values.len() / 100;
    let (mut from, mut to) = (values[beyond], values[values.len() - 1 - beyond]);
    if from == to {
        (from, to) = (least, greatest);
    }
    // Each divided by itself, for the difference of two numbers may be none; and so wide that
    // neighbours can be told apart.
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

/// The edges of bins so wide that hold what is from one value to another; none where they
/// would be too many, or cannot be told apart.
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

/// So many times a power of ten, rounded once.
fn decimal(times: i64, of: i32) -> f64 {
    format!("{times}e{of}").parse().unwrap_or(f64::NAN)
}

/// Whether numbers are whole numbers of times a power of ten, as their decimals say.
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

    /// The bin that holds a value.
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
            if let [first, second, ..] = edges.as_slice() {
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
        fn edges_of_what_people_measure_are_as_short_as_its_decimals(
            (digits, from, spread) in (0..7_i32, -100_000..100_000_i64, 1..5_000_i64),
            steps in vec(0..1_000_i64, 1..200),
        ) {
            let values = steps.iter().map(|step| decimal(from + step * spread / 1000, -digits)).collect();
            for edge in bins(values) {
                let text = edge.to_string();
                let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                prop_assert!(decimals <= digits as usize, "{}", text);
            }
        }
    }

    #[test]
    fn widths_are_those_that_people_count_in() {
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
        // 2.5 would be the narrowest.
        let edges = bins((0..=95).map(f64::from).collect());
        assert_eq!(edges[..3], [0.0, 5.0, 10.0]);
        let edges = bins((0..=9).map(|n| f64::from(n) * 100.0).collect());
        assert_eq!(edges, (0..=9).map(|n| f64::from(n) * 100.0).collect::<Vec<_>>());
        assert_eq!(bins(vec![0.0, 0.37]).len(), 38);
    }

    #[test]
    fn what_lies_far_off_is_held_by_the_bins_at_the_ends() {
        let mut values: Vec<f64> = (0..1000).map(|n| decimal(n, -3)).collect();
        values.extend([1e9, -1e300, f64::INFINITY]);
        let edges = bins(values);
        assert_eq!((edges[0], edges.len()), (0.0, 40));
        assert_eq!((bin(&edges, -1e300), bin(&edges, 1e9)), (0, 39));
        // All but a few are alike.
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
