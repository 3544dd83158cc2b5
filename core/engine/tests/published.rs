//! Comparison with published values, to the printed digits. Each value names its source.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use engine::difference::difference;
use engine::metrics::defects::{dpmo, dpu, ppm, sigma_level, throughput_yield};
use engine::metrics::pareto::{Count, Pareto, Population, pareto};
use engine::metrics::retest::{no_trouble_found, retest_ratio, retested_units};
use engine::metrics::rty::rty;
use engine::proportion::{Method, Proportion, UnknownMethod, interval};
use engine::stats::gamma::{ln_beta, ln_gamma};

fn of(k: u64, n: u64) -> Proportion {
    Proportion { k, n }
}

/// Half a unit of the sixth decimal, plus the rounding error of the decimal itself.
const SIX: f64 = 5.01e-7;

#[track_caller]
fn close(got: f64, printed: f64, within: f64) {
    assert!((got - printed).abs() <= within, "got {got}, printed {printed}");
}

#[track_caller]
fn ends(k: u64, n: u64, method: Method, level: f64, low: f64, high: f64, within: f64) {
    let ci = interval(k, n, method, level).unwrap();
    close(ci.low, low, within);
    close(ci.high, high, within);
    assert_eq!((ci.level, ci.method), (level, method));
}

#[test]
fn wilson_agrees_with_the_handbook() {
    let wilson = Method::Wilson;
    ends(4, 20, wilson, 0.95, 0.080_658, 0.416_017, SIX); // NIST prc241's counts
    ends(0, 10, wilson, 0.95, 0.0, 0.277_533, SIX);
    ends(10, 10, wilson, 0.95, 0.722_467, 1.0, SIX);
    ends(3, 10, wilson, 0.95, 0.107_791, 0.603_222, SIX); // R, SciPy
    ends(95, 100, wilson, 0.95, 0.888_250, 0.978_456, SIX);
    ends(996, 1000, wilson, 0.95, 0.989_760, 0.998_443, SIX);
    ends(0, 300, wilson, 0.95, 0.0, 0.012_643, SIX);
    ends(2, 8, wilson, 0.95, 0.071_48, 0.590_72, 5.01e-6); // the yield fixture
    ends(6, 12, wilson, 0.95, 0.253_78, 0.746_22, 5.01e-6);
}

#[test]
fn wilson_with_continuity_correction_agrees_with_r() {
    ends(3, 10, Method::WilsonCc, 0.95, 0.080_948, 0.646_329, SIX);
}

#[test]
fn clopper_pearson_agrees_with_the_handbook_and_r() {
    let exact = Method::ClopperPearson;
    ends(4, 20, exact, 0.95, 0.057_334, 0.436_614, SIX);
    ends(4, 20, exact, 0.90, 0.071_354, 0.401_028, SIX); // NIST prc241
    ends(0, 10, exact, 0.95, 0.0, 0.308_497, SIX);
    ends(10, 10, exact, 0.95, 0.691_503, 1.0, SIX);
    ends(20, 100, exact, 0.95, 0.126_656, 0.291_843, SIX); // R, SciPy
    ends(3, 50, exact, 0.99, 0.006_872_49, 0.202_706_3, 5.01e-8); // R, SciPy
    ends(95, 100, exact, 0.95, 0.887_165, 0.983_568, SIX);
    ends(996, 1000, exact, 0.95, 0.989_790, 0.998_909, SIX);
    ends(0, 300, exact, 0.95, 0.0, 0.012_221, SIX);
}

#[test]
fn clopper_pearson_of_no_failure_is_a_power() {
    // k = 0: the upper end solves (1 − p)ⁿ = α/2.
    for n in [1_u32, 2, 17, 300] {
        let high = interval(0, u64::from(n), Method::ClopperPearson, 0.95).unwrap().high;
        let left = (0..n).fold(1.0, |product, _| product * (1.0 - high));
        close(left, 0.025, 1e-15);
    }
}

#[test]
fn gamma_and_beta_have_their_closed_forms() {
    use std::f64::consts::PI;
    // DLMF 5.4: Γ(½) = √π, Γ(⅓), Γ(¼); ln 10!; B(½, ½) = π, B(n, 1) = 1/n, B(3, 4) = 1/60.
    close(ln_gamma(0.5), 0.5 * libm::log(PI), 2e-16);
    close(ln_gamma(1.0 / 3.0), libm::log(2.678_938_534_707_747_6), 4e-16);
    close(ln_gamma(0.25), libm::log(3.625_609_908_221_908), 4e-16);
    close(ln_gamma(11.0), libm::log(3_628_800.0), 4e-15);
    close(ln_beta(0.5, 0.5), libm::log(PI), 8e-16);
    close(ln_beta(1e7, 1.0), -libm::log(1e7), 8e-15);
    close(ln_beta(3.0, 4.0), -libm::log(60.0), 4e-15);
    assert!(
        ln_gamma(-0.5).is_nan() && ln_beta(0.0, 1.0).is_nan() && ln_beta(1.0, f64::NAN).is_nan()
    );
}

#[test]
fn zero_of_zero_has_no_interval() {
    for method in Method::ALL {
        assert_eq!(interval(0, 0, method, 0.95), None);
        assert_eq!(interval(2, 1, method, 0.95), None);
        for level in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(interval(1, 2, method, level), None, "{level}");
        }
    }
}

#[test]
fn ends_at_zero_and_one_are_exact() {
    for method in Method::ALL {
        for n in [1, 10, 12_345_678] {
            assert_eq!(interval(0, n, method, 0.95).unwrap().low, 0.0);
            assert_eq!(interval(n, n, method, 0.95).unwrap().high, 1.0);
        }
    }
}

#[test]
fn methods_are_named_as_in_the_contract() {
    assert_eq!(Method::ALL.map(Method::id), ["wilson", "wilson-cc", "clopper-pearson"]);
    for method in Method::ALL {
        assert_eq!(method.id().parse(), Ok(method));
        assert_eq!(method.to_string(), method.id());
    }
    assert_eq!("Wilson".parse::<Method>(), Err(UnknownMethod));
    assert_eq!(Method::default(), Method::Wilson);
}

#[test]
fn differences_agree_with_newcombe() {
    // Statistics in Medicine 17 (1998) 873, Table II, method 10, 95 %.
    for (now, before, low, high) in [
        (of(56, 70), of(48, 80), 0.0524, 0.3339),
        (of(9, 10), of(3, 10), 0.1705, 0.8090),
        (of(6, 7), of(2, 7), 0.0582, 0.8062),
        (of(5, 56), of(0, 29), -0.0381, 0.1926),
        (of(0, 10), of(0, 20), -0.1611, 0.2775),
        (of(0, 10), of(0, 10), -0.2775, 0.2775),
        (of(10, 10), of(0, 20), 0.6791, 1.0),
        (of(10, 10), of(0, 10), 0.6075, 1.0),
    ] {
        let d = difference(now, before, 0.95).unwrap();
        close(d.low, low, 5.01e-5);
        close(d.high, high, 5.01e-5);
    }
    assert_eq!(difference(of(0, 0), of(1, 2), 0.95), None);
    assert_eq!(difference(of(1, 2), of(3, 2), 0.95), None);
    assert_eq!(difference(of(1, 2), of(1, 2), 1.0), None);
}

#[test]
fn rolled_throughput_yield_agrees_with_wats_and_the_contract() {
    let result = rty(&[of(98, 100), of(95, 100), of(99, 100)], 0.95).unwrap();
    close(result.value, 0.921_69, 1e-15);
    close(result.low, 0.867_089, SIX);
    close(result.high, 0.979_729, SIX);
}

#[test]
fn rolled_throughput_yield_of_a_dead_operation_is_zero_with_an_upper_end() {
    let result = rty(&[of(0, 10), of(9, 10)], 0.95).unwrap();
    assert_eq!((result.value, result.low), (0.0, 0.0));
    // exp(ln(1/22 · 19/22) + 1.959964 √(21/11 + 3/209)), in its own arithmetic.
    let shrunk = [0.5 / 11.0, 9.5 / 11.0];
    let variance: f64 = shrunk.iter().map(|p| (1.0 - p) / (11.0 * p)).sum();
    let high = shrunk[0] * shrunk[1] * libm::exp(1.959_963_984_540_054 * variance.sqrt());
    close(result.high, high, 1e-14);
    assert!(result.high > 0.0 && result.high < 1.0);
}

#[test]
fn rolled_throughput_yield_needs_every_operation() {
    assert_eq!(rty(&[], 0.95), None);
    assert_eq!(rty(&[of(9, 10), of(0, 0)], 0.95), None);
    assert_eq!(rty(&[of(11, 10)], 0.95), None);
    assert_eq!(rty(&[of(9, 10)], f64::NAN), None);
    let perfect = rty(&[of(50, 50), of(50, 50)], 0.95).unwrap();
    assert_eq!((perfect.value, perfect.high), (1.0, 1.0));
    assert!(perfect.low > 0.9 && perfect.low < 1.0);
}

#[test]
fn defect_rates_agree_with_six_sigma_in_r() {
    // ss.ca.yield, defects 3, 5, 12 and rework 1, 2, 4 in 1915 opportunities.
    close(dpmo(3 + 5 + 12, 1915).unwrap(), 10_443.86, 0.005);
    close(of(1915 - 20, 1915).fraction().unwrap(), 0.989_556, SIX);
    close(of(1915 - 27, 1915).fraction().unwrap(), 0.985_901, SIX);
    assert_eq!(dpu(20, 0), None);
    assert_eq!(dpmo(2, 1), None);
    assert_eq!(ppm(4, 20), Some(200_000.0));
}

#[test]
fn throughput_yield_agrees_with_the_reference() {
    close(throughput_yield(0.02 + 0.05 + 0.01).unwrap(), 0.923_116, SIX);
    assert_eq!(throughput_yield(0.0), Some(1.0));
    assert_eq!(throughput_yield(-0.1), None);
    assert_eq!(throughput_yield(f64::NAN), None);
}

#[test]
fn sigma_levels_agree_with_the_customary_table() {
    for (dpmo, level) in
        [(3.4, 6.0), (233.0, 5.0), (6210.0, 4.0), (66_807.0, 3.0), (308_538.0, 2.0)]
    {
        close(sigma_level(dpmo).unwrap(), level, 5.01e-4);
    }
    for outside in [0.0, 1e6, -1.0, 2e6, f64::NAN] {
        assert_eq!(sigma_level(outside), None);
    }
}

#[test]
fn retests_and_cleared_failures_agree_with_the_yield_fixture() {
    // U1–U10 of the reference, aborted runs counted: 15 runs of 8 units, 6 with two or more.
    assert_eq!(retest_ratio(15, 8), Some(7.0 / 8.0));
    assert_eq!(retested_units(6, 8), Some(6.0 / 8.0));
    let ntf = no_trouble_found(2, 3, 4);
    assert_eq!((ntf.of_episodes, ntf.of_resolved), (Some(2.0 / 4.0), Some(2.0 / 3.0)));
    // With U11: 17 runs of 9 units, and an episode that never closes.
    assert_eq!(retest_ratio(17, 9), Some(8.0 / 9.0));
    assert_eq!(no_trouble_found(2, 3, 5).of_episodes, Some(2.0 / 5.0));
}

#[test]
fn a_rate_of_nothing_is_absent() {
    assert_eq!(retest_ratio(0, 0), None);
    assert_eq!(retest_ratio(3, 4), None);
    assert_eq!(retested_units(0, 0), None);
    let none = no_trouble_found(0, 0, 0);
    assert_eq!((none.of_episodes, none.of_resolved), (None, None));
    let open = no_trouble_found(0, 0, 3);
    assert_eq!((open.of_episodes, open.of_resolved), (Some(0.0), None));
    let contradiction = no_trouble_found(3, 2, 4);
    assert_eq!((contradiction.of_episodes, contradiction.of_resolved), (None, None));
}

fn counts(rows: &[(&'static str, u64)]) -> Vec<Count<&'static str>> {
    rows.iter().map(|&(key, runs)| Count { key, units: runs.min(2), runs }).collect()
}

#[test]
fn a_pareto_is_ordered_by_runs_then_key_and_ends_at_one() {
    let given = counts(&[("E3", 3), ("E1", 5), ("E9", 1), ("E2", 3), ("none", 0)]);
    let Pareto { runs, rows } = pareto(given, Population::OneKeyPerRun).unwrap();
    assert_eq!(runs, 12);
    let keys: Vec<_> = rows.iter().map(|row| row.key).collect();
    assert_eq!(keys, ["E1", "E2", "E3", "E9"]);
    let shares: Vec<_> = rows.iter().map(|row| row.share).collect();
    assert_eq!(shares, [5.0 / 12.0, 0.25, 0.25, 1.0 / 12.0]);
    let cumulative: Vec<_> = rows.iter().map(|row| row.cumulative.unwrap()).collect();
    assert_eq!(cumulative, [5.0 / 12.0, 8.0 / 12.0, 11.0 / 12.0, 1.0]);
    assert_eq!(rows[0].units, 2);
}

#[test]
fn a_pareto_of_overlapping_keys_has_no_cumulative_share() {
    let given = counts(&[("step-a", 4), ("step-b", 3)]);
    let result = pareto(given, Population::ManyKeysPerRun { runs: 5 }).unwrap();
    assert_eq!(result.runs, 5);
    assert_eq!(result.rows[0].share, 0.8);
    assert!(result.rows.iter().all(|row| row.cumulative.is_none()));
}

#[test]
fn a_pareto_refuses_contradictions_and_accepts_emptiness() {
    let empty = pareto(counts(&[("E1", 0)]), Population::OneKeyPerRun).unwrap();
    assert_eq!((empty.runs, empty.rows.len()), (0, 0));
    assert_eq!(pareto(counts(&[("E1", 6)]), Population::ManyKeysPerRun { runs: 5 }), None);
    assert_eq!(pareto(counts(&[("E1", u64::MAX), ("E2", 1)]), Population::OneKeyPerRun), None);
}
