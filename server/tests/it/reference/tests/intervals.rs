//! The table of intervals of the definitions, and relations between intervals.

use super::super::interval::{Z, clopper_pearson, wilson, wilson_cc};

/// Both ends equal the printed values, to half a unit of the last digit.
fn agrees(found: (f64, f64), printed: (f64, f64), last: f64) {
    let (low, high) = (found.0 - printed.0, found.1 - printed.1);
    assert!(low.abs() <= 0.5001 * last && high.abs() <= 0.5001 * last, "{found:?} {printed:?}");
}

#[test]
fn wilson_is_as_printed() {
    for (k, n, low, high) in [
        (4, 20, 0.080658, 0.416017),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (3, 10, 0.107791, 0.603222),
        (95, 100, 0.888250, 0.978456),
        (996, 1000, 0.989760, 0.998443),
        (0, 300, 0.0, 0.012643),
    ] {
        agrees(wilson(k, n, Z), (low, high), 1e-6);
    }
    agrees(wilson(2, 8, Z), (0.07148, 0.59072), 1e-5);
    agrees(wilson(6, 12, Z), (0.25378, 0.74622), 1e-5);
}

#[test]
fn wilson_with_continuity_correction_is_as_printed() {
    agrees(wilson_cc(3, 10, Z), (0.080948, 0.646329), 1e-6);
}

/// Newcombe, Two-sided confidence intervals for the single proportion, 1998, method 4.
#[test]
fn wilson_with_continuity_correction_is_newcombes_closed_form() {
    for n in 1..60_u64 {
        for k in 1..n {
            let (n_, p) = (n as f64, k as f64 / n as f64);
            let q = 1.0 - p;
            let low = Z * (Z * Z - 2.0 - 1.0 / n_ + 4.0 * p * (n_ * q + 1.0)).sqrt();
            let high = Z * (Z * Z + 2.0 - 1.0 / n_ + 4.0 * p * (n_ * q - 1.0)).sqrt();
            let low = (2.0 * n_ * p + Z * Z - 1.0 - low) / (2.0 * (n_ + Z * Z));
            let high = (2.0 * n_ * p + Z * Z + 1.0 + high) / (2.0 * (n_ + Z * Z));
            let found = wilson_cc(k, n, Z);
            assert!((found.0 - low).abs() < 1e-12 && (found.1 - high).abs() < 1e-12, "{k}/{n}");
        }
    }
}

#[test]
fn clopper_pearson_is_as_printed() {
    for (k, n, low, high) in [
        (4, 20, 0.057334, 0.436614),
        (0, 10, 0.0, 0.308497),
        (10, 10, 0.691503, 1.0),
        (20, 100, 0.126656, 0.291843),
        (95, 100, 0.887165, 0.983568),
        (996, 1000, 0.989790, 0.998909),
        (0, 300, 0.0, 0.012221),
    ] {
        agrees(clopper_pearson(k, n, 0.05), (low, high), 1e-6);
    }
    agrees(clopper_pearson(4, 20, 0.1), (0.071354, 0.401028), 1e-6);
    let (low, high) = clopper_pearson(3, 50, 0.01);
    assert!((low - 0.00687249).abs() < 5.1e-9 && (high - 0.2027063).abs() < 5.1e-8);
}

#[test]
fn clopper_pearson_of_none_and_of_all_have_closed_forms() {
    for n in [1_u64, 2, 10, 300, 5000] {
        let closed = 1.0 - 0.025_f64.powf(1.0 / n as f64);
        let (low, high) = clopper_pearson(0, n, 0.05);
        assert!(low == 0.0 && (high - closed).abs() < 1e-14, "{n}");
        let (low, high) = clopper_pearson(n, n, 0.05);
        assert!((low - (1.0 - closed)).abs() < 1e-14 && high == 1.0, "{n}");
    }
}

#[test]
fn every_interval_holds_its_proportion_and_mirrors_that_of_the_failures() {
    for n in (1..=40).chain([3001]) {
        for k in (0..=n).step_by(1 + n as usize / 20) {
            let p = k as f64 / n as f64;
            let pairs = [
                (wilson(k, n, Z), wilson(n - k, n, Z)),
                (wilson_cc(k, n, Z), wilson_cc(n - k, n, Z)),
                (clopper_pearson(k, n, 0.05), clopper_pearson(n - k, n, 0.05)),
            ];
            for ((low, high), (other_low, other_high)) in pairs {
                assert!(0.0 <= low && low <= p && p <= high && high <= 1.0, "{k}/{n}");
                assert!((low - (1.0 - other_high)).abs() < 1e-12, "{k}/{n}");
                assert!((high - (1.0 - other_low)).abs() < 1e-12, "{k}/{n}");
            }
            // The correction only widens.
            let ((low, high), (cc_low, cc_high)) = (pairs[0].0, pairs[1].0);
            assert!(cc_low <= low && high <= cc_high, "{k}/{n}");
        }
    }
}
