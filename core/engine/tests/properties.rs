//! Property tests: invariants for every argument.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use engine::difference::difference;
use engine::metrics::{defects, pareto, retest, rty};
use engine::proportion::{Interval, Method, Proportion, interval};
use engine::stats::{beta, gamma, normal};
use proptest::prelude::*;

/// Counts of every size, with frequent edge cases.
fn counts() -> impl Strategy<Value = Proportion> {
    let n = prop_oneof![1_u64..30, 30_u64..5000, 5000_u64..20_000_000, 1_u64..=u64::MAX];
    (n, 0.0..=1.0, 0_u64..4, 0_u8..3).prop_map(|(n, share, few, shape)| {
        let k = match shape {
            0 => (share * n as f64) as u64,
            1 => few,
            _ => n.saturating_sub(few),
        };
        Proportion { k: k.min(n), n }
    })
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(Method::ALL.to_vec())
}

fn level() -> impl Strategy<Value = f64> {
    prop_oneof![0.0001..0.9999, Just(0.95), Just(0.99), Just(1.0 - 1e-9)]
}

/// A parameter of the beta distribution.
fn shape() -> impl Strategy<Value = f64> {
    prop_oneof![(-0.69..16.1).prop_map(libm::exp), (1_u32..200).prop_map(f64::from), Just(0.5)]
}

/// A probability, its tails included.
fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![(-27.0..-0.01).prop_map(libm::exp), (-27.0..-0.01).prop_map(|x| 1.0 - libm::exp(x))]
}

fn whole(p: Proportion, method: Method, level: f64) -> Interval {
    interval(p.k, p.n, method, level).unwrap()
}

/// Rounding error only.
const SLACK: f64 = 1e-14;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_interval_holds_the_estimate_and_stays_within_0_and_1(p in counts(), method in method(), level in level()) {
        let ci = whole(p, method, level);
        let estimate = p.fraction().unwrap();
        prop_assert!(0.0 <= ci.low && ci.low <= estimate && estimate <= ci.high && ci.high <= 1.0, "{ci:?}");
        prop_assert_eq!(ci.low == 0.0, p.k == 0);
    }

    #[test]
    fn an_interval_widens_with_the_level(p in counts(), method in method(), one in level(), other in level()) {
        let (small, large) = (whole(p, method, one.min(other)), whole(p, method, one.max(other)));
        prop_assert!(large.low <= small.low * (1.0 + SLACK), "{small:?} {large:?}");
        prop_assert!(large.high >= small.high * (1.0 - SLACK), "{small:?} {large:?}");
    }

    #[test]
    fn passes_and_failures_have_mirrored_intervals(p in counts(), method in method(), level in level()) {
        let passes = whole(p, method, level);
        let failures = whole(Proportion { k: p.n - p.k, n: p.n }, method, level);
        prop_assert!((passes.low - (1.0 - failures.high)).abs() <= 1e-15, "{passes:?} {failures:?}");
        prop_assert!((passes.high - (1.0 - failures.low)).abs() <= 1e-15, "{passes:?} {failures:?}");
    }

    #[test]
    fn the_continuity_correction_widens(p in counts(), level in level()) {
        let (plain, corrected) = (whole(p, Method::Wilson, level), whole(p, Method::WilsonCc, level));
        prop_assert!(corrected.low <= plain.low * (1.0 + SLACK) && corrected.high >= plain.high * (1.0 - SLACK));
    }

    #[test]
    fn a_clopper_pearson_end_leaves_half_of_alpha(n in 1_u64..1_000_000, share in 0.0..1.0, level in level()) {
        let k = (share * n as f64) as u64;
        let ci = interval(k, n, Method::ClopperPearson, level).unwrap();
        let (a, b, half) = (k as f64, (n - k) as f64, (1.0 - level) / 2.0);
        if k > 0 {
            prop_assert!(brackets(ci.low, half, |x| beta::cdf(x, a, b + 1.0)), "{ci:?}");
        }
        if k < n {
            prop_assert!(brackets(ci.high, -half, |x| -beta::sf(x, a + 1.0, b)), "{ci:?}");
        }
    }

    #[test]
    fn beta_quantiles_invert_the_tail(p in probability(), a in shape(), b in shape()) {
        prop_assert!(brackets(beta::quantile(p, a, b), p, |x| beta::cdf(x, a, b)));
        prop_assert!(brackets(beta::upper_quantile(p, a, b), -p, |x| -beta::sf(x, a, b)));
    }

    #[test]
    fn beta_tails_mirror_each_other_and_add_up(x in 0.0..=1.0, a in shape(), b in shape()) {
        let (lower, upper) = (beta::cdf(x, a, b), beta::sf(x, a, b));
        prop_assert!((lower + upper - 1.0).abs() <= 1e-15);
        let y = 1.0 - x;
        if 1.0 - y == x {
            prop_assert!((beta::sf(y, b, a) - lower).abs() <= 1e-15);
        }
    }

    #[test]
    fn a_beta_tail_grows_with_x(one in 0.0..=1.0, other in 0.0..=1.0, a in shape(), b in shape()) {
        let (left, right) = (beta::cdf(f64::min(one, other), a, b), beta::cdf(f64::max(one, other), a, b));
        prop_assert!(left <= right * (1.0 + 5e-14), "{left} {right}");
    }

    #[test]
    fn a_beta_with_one_parameter_of_1_is_a_power(x in 1e-6..1.0, n in 1_u32..60) {
        // I_x(n, 1) = xⁿ, by multiplication; far out the error grows with the exponent.
        let power = (0..n).fold(1.0, |product, _| product * x);
        prop_assert!((beta::cdf(x, f64::from(n), 1.0) / power - 1.0).abs() <= 1e-15 * (20.0 - libm::log(power)));
    }

    #[test]
    fn normal_quantiles_invert_the_tail(p in probability()) {
        let z = normal::quantile(p);
        // dΦ/Φ = z φ/Φ dz/z ≤ (z² + 1) dz/z.
        prop_assert!((normal::cdf(z) / p - 1.0).abs() <= 1e-15 * (2.0 + z * z), "{z}");
        prop_assert!(normal::cdf(z) + normal::sf(z) == 1.0 || (normal::cdf(z) + normal::sf(z) - 1.0).abs() < 3e-16);
    }

    #[test]
    fn ln_beta_follows_its_recurrence(a in shape(), b in shape()) {
        // B(a + 1, b) = B(a, b) a/(a + b).
        let step = gamma::ln_beta(a + 1.0, b) - gamma::ln_beta(a, b);
        let expected = libm::log(a / (a + b));
        prop_assert!((step - expected).abs() <= 4e-15 * (1.0 + gamma::ln_beta(a, b).abs()));
    }

    #[test]
    fn a_difference_turns_its_sign_with_the_order(one in counts(), other in counts(), level in level()) {
        let (there, back) = (difference(one, other, level).unwrap(), difference(other, one, level).unwrap());
        prop_assert_eq!((there.estimate, there.low, there.high), (-back.estimate, -back.high, -back.low));
        prop_assert!(-1.0 <= there.low && there.low <= there.estimate && there.estimate <= there.high && there.high <= 1.0);
    }

    #[test]
    fn a_rolled_yield_lies_in_its_interval(operations in prop::collection::vec(counts(), 1..20), level in level()) {
        let rty = rty::rty(&operations, level).unwrap();
        prop_assert!(0.0 <= rty.low && rty.low <= rty.value && rty.value <= rty.high && rty.high <= 1.0, "{rty:?}");
        prop_assert_eq!(rty.value == 0.0, operations.iter().any(|operation| operation.k == 0));
    }

    #[test]
    fn a_pareto_keeps_every_row_in_order(runs in prop::collection::vec(0_u64..50, 0..40)) {
        let given: Vec<_> = runs.iter().enumerate().map(|(key, &runs)| pareto::Count { key, units: runs, runs }).collect();
        let pareto = pareto::pareto(given, pareto::Population::OneKeyPerRun).unwrap();
        prop_assert_eq!(pareto.runs, runs.iter().sum::<u64>());
        prop_assert_eq!(pareto.rows.len(), runs.iter().filter(|runs| **runs > 0).count());
        let in_order = pareto.rows.is_sorted_by(|one, next| (next.runs, one.key) < (one.runs, next.key));
        prop_assert!(in_order);
        prop_assert!(pareto.rows.is_sorted_by(|one, next| one.cumulative < next.cumulative));
        prop_assert!(pareto.rows.last().is_none_or(|row| row.cumulative == Some(1.0)));
    }

    #[test]
    fn the_distributions_never_panic(x in any_number(), a in any_parameter(), b in any_parameter()) {
        for tail in [beta::cdf(x, a, b), beta::sf(x, a, b), beta::quantile(x, a, b), beta::upper_quantile(x, a, b),
                     normal::cdf(x), normal::sf(x)] {
            prop_assert!(tail.is_nan() || (0.0..=1.0).contains(&tail), "{tail}");
        }
        let valid = (1e-6..=1e20).contains(&a) && (1e-6..=1e20).contains(&b);
        prop_assert_eq!(beta::cdf(x, a, b).is_nan(), !valid || x.is_nan());
        prop_assert_eq!(beta::quantile(x, a, b).is_nan(), !valid || !(0.0..=1.0).contains(&x));
        prop_assert_eq!(gamma::ln_beta(a, b).is_nan(), !valid);
        prop_assert_eq!(normal::quantile(x).is_nan(), !(0.0..=1.0).contains(&x));
        prop_assert_eq!(gamma::ln_gamma(x).is_nan(), x.is_nan() || x < 0.0);
        prop_assert_eq!(defects::throughput_yield(x).is_some(), x >= 0.0);
        prop_assert_eq!(defects::sigma_level(x).is_some(), x > 0.0 && x < 1e6);
    }

    #[test]
    fn the_metrics_never_panic(a in any_count(), b in any_count(), c in any_count(), level in any_number()) {
        let (one, other) = (Proportion { k: a, n: b }, Proportion { k: c, n: a });
        for method in Method::ALL {
            let ci = interval(a, b, method, level);
            prop_assert_eq!(ci.is_some(), b > 0 && a <= b && level > 0.0 && level < 1.0);
            if let Some(ci) = ci {
                prop_assert!(0.0 <= ci.low && ci.low <= ci.high && ci.high <= 1.0, "{ci:?}");
            }
        }
        let known = |p: Proportion| p.n > 0 && p.k <= p.n;
        let both = known(one) && known(other) && level > 0.0 && level < 1.0;
        prop_assert_eq!(difference(one, other, level).is_some(), both);
        prop_assert_eq!(rty::rty(&[one, other], level).is_some(), both);
        for rate in [defects::dpu(a, b), defects::dpo(a, b), defects::dpmo(a, b), defects::ppm(a, b),
                     retest::retest_ratio(a, b), retest::retested_units(a, b),
                     retest::no_trouble_found(a, b, c).of_episodes, retest::no_trouble_found(a, b, c).of_resolved] {
            prop_assert!(rate.is_none_or(|rate| rate.is_finite() && rate >= 0.0));
        }
    }
}

/// True if an increasing function passes `p` between the doubles on either side of `x`, the best
/// that a rounded x can do. The error of the tail is tolerated.
fn brackets(x: f64, p: f64, tail: impl Fn(f64) -> f64) -> bool {
    // Two doubles: Newton's last step is rounded too.
    let below = x.next_down().next_down();
    let above = x.next_up().next_up();
    // Newton's method solves to about 1e-14 of x's logarithm.
    let (below, above) = (below.min(x * (1.0 - 1e-14)), above.max(x * (1.0 + 1e-14)));
    let slack = 5e-14 * p.abs();
    tail(below) <= p + slack && tail(above) >= p - slack
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::ANY,
        0.0..=1.0,
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            0.5,
            5e-324,
            f64::MIN_POSITIVE,
            f64::EPSILON,
            f64::MAX,
            -f64::MAX,
            1e300,
            1e-300,
            1e16,
            1.0 - f64::EPSILON,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ]),
    ]
}

/// Any number, but mostly a valid parameter.
fn any_parameter() -> impl Strategy<Value = f64> {
    prop_oneof![1 => any_number(), 4 => (-13.8..46.0).prop_map(libm::exp)]
}

fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0_u64..20, Just(u64::MAX), Just(1_u64 << 53)]
}
