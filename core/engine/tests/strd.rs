//! NIST's Statistical Reference Datasets: the number of correct digits (log relative
//! error) is within one of what exact arithmetic on the parsed doubles reaches.

#![allow(clippy::disallowed_methods, clippy::approx_constant)] // tests compare with std and with digits as printed
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use engine::stats::anova;
use engine::stats::linear_regression;
use engine::stats::moments::{Moments, autocorrelation};
use std::collections::BTreeMap;
use support::{number, numbers, rows, shared_file, shared_text};

/// Digits that agree, at most 15.
fn digits(got: f64, certified: f64) -> f64 {
    let error = if certified == 0.0 { got.abs() } else { ((got - certified) / certified).abs() };
    if error == 0.0 { 15.0 } else { (-error.log10()).min(15.0) }
}

fn expect(set: &str, what: &str, got: f64, certified: f64, least: f64) {
    let reached = digits(got, certified);
    eprintln!("{set} {what}: {reached:.1} digits");
    assert!(reached >= least, "{set} {what}: {got} against {certified}: {reached:.1} < {least}");
}

#[test]
fn univariate_sets_reach_their_digits() {
    let Some(file) = shared_file("nist_strd/nist_strd.json") else { return };
    // One less than exact arithmetic on the doubles.
    let least = BTreeMap::from([("NumAcc3", 8.5), ("Mavro", 12.1)]);
    for (name, set) in file.as_object().unwrap() {
        if set["kind"] != "univariate" {
            continue;
        }
        let values = numbers(&set["y"]);
        let least = least.get(name.as_str()).copied().unwrap_or(13.0);
        let certified = &set["certified"];
        let moments = Moments::from_values(&values);
        expect(name, "mean", moments.mean, number(&certified["mean"]), 13.0);
        expect(name, "sd", moments.sd().unwrap(), number(&certified["sd"]), least);
        let r1 = autocorrelation(&values).unwrap();
        expect(name, "r1", r1, number(&certified["r1"]), least);
        // Merged halves agree with the whole, where its digits allow to see it.
        let (one, other) = values.split_at(values.len() / 2);
        let merged = Moments::from_values(one).merge(Moments::from_values(other));
        expect(name, "sd merged", merged.sd().unwrap(), moments.sd().unwrap(), least - 1.0);
    }
}

#[test]
fn analysis_of_variance_reaches_its_digits() {
    let least = BTreeMap::from([("SiRstv", 12.1), ("SmLs01", 13.0), ("SmLs02", 13.0)]);
    for name in ["SiRstv", "SmLs01", "SmLs02", "SmLs04", "SmLs05"] {
        let Some(file) = shared_file("nist_strd/nist_strd.json") else { return };
        let Some(text) = shared_text(&format!("nist_strd/raw/{name}.dat")) else { return };
        let mut groups: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for line in text.lines().skip(60) {
            let mut fields = line.split_whitespace();
            let (Some(group), Some(value)) = (fields.next(), fields.next()) else { continue };
            groups.entry(group.parse().unwrap()).or_default().push(value.parse().unwrap());
        }
        let groups: Vec<&[f64]> = groups.values().map(Vec::as_slice).collect();
        let result = anova::one_way(&groups).unwrap();
        let certified = number(&file[name]["certified"]["between"]["F"]);
        let least = least.get(name).copied().unwrap_or(9.2);
        expect(name, "F", result.test.f, certified, least);
    }
}

#[test]
fn the_line_of_norris_reaches_its_digits() {
    let Some(file) = shared_file("nist_strd/nist_strd.json") else { return };
    let set = &file["Norris"];
    let points: Vec<(f64, f64)> =
        rows(set, "rows").iter().map(|row| (number(&row[1]), number(&row[0]))).collect();
    let line = linear_regression::fit(&points).unwrap();
    let certified = &set["certified"];
    for (what, got, key, part) in [
        ("B0", line.intercept, "B0", "estimate"),
        ("B1", line.slope, "B1", "estimate"),
        ("B0 sd", line.intercept_se, "B0", "sd"),
        ("B1 sd", line.slope_se, "B1", "sd"),
    ] {
        let digits = &certified["coef"][key][part];
        let truth = digits.as_str().map_or_else(|| number(digits), |text| text.parse().unwrap());
        expect("Norris", what, got, truth, 11.5);
    }
    expect("Norris", "residual sd", line.residual_sd, number(&certified["residual_sd"]), 12.0);
}

/// The sets with a large common part that the data folder does not have: constructed as
/// NIST describes them (Simon and Lesage: a constant plus small steps).
#[test]
fn constructed_sets_reach_the_digits_of_their_doubles() {
    let alternating = |base: f64| -> Vec<f64> {
        std::iter::once(base + 0.2).chain((0..500).flat_map(|_| [base + 0.1, base + 0.3])).collect()
    };
    let moments = Moments::from_values(&alternating(1e7));
    expect("NumAcc4", "sd", moments.sd().unwrap(), 0.1, 7.3);
    let moments = Moments::from_values(&alternating(1.0));
    expect("NumAcc2", "sd", moments.sd().unwrap(), 0.1, 13.0);
    // SmLs07: 9 groups of 21 values 10¹² + 0.1 (treatment) ± 0.1.
    let groups: Vec<Vec<f64>> = (1..=9_u32)
        .map(|group| {
            let centre = 0.3 + 0.1 * f64::from(1 + group % 5).min(f64::from(group));
            (0..21)
                .map(|i| {
                    1e12 + centre
                        + if i == 0 {
                            0.0
                        } else if i % 2 == 0 {
                            0.1
                        } else {
                            -0.1
                        }
                })
                .collect()
        })
        .collect();
    let small: Vec<Vec<f64>> =
        groups.iter().map(|group| group.iter().map(|x| x - 1e12).collect()).collect();
    let f = |groups: &[Vec<f64>]| {
        let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
        anova::one_way(&groups).unwrap().test.f
    };
    // The same doubles without the common part, which is exact: the shift loses nothing.
    expect("SmLs07-like", "F", f(&groups), f(&small), 12.0);
}
