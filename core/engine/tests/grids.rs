//! Comparison with independent high-precision values: the committed fixtures always, the whole
//! shared grids where available.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use engine::difference::difference;
use engine::metrics::rty::rty;
use engine::proportion::{Interval, Method, Proportion, interval};
use engine::stats::{beta, normal};
use serde_json::Value;
use support::{Worst, carried, number, rows, shared};

fn both(name: &str) -> Vec<Value> {
    std::iter::once(carried(name)).chain(shared(name)).collect()
}

#[test]
fn normal_tails_agree_with_the_grid() {
    let (mut tails, mut subnormal) = (Worst::default(), Worst::default());
    for row in both("normal.json").iter().flat_map(|file| rows(file, "cdf")) {
        let z = number(&row["z"]);
        for (got, truth) in [(normal::cdf(z), &row["cdf"]), (normal::sf(z), &row["sf"])] {
            let truth = number(truth);
            if truth < f64::MIN_POSITIVE {
                subnormal.absolute(got, truth, || format!("z = {z}"));
            } else {
                tails.relative(got, truth, || format!("z = {z}"));
            }
        }
    }
    tails.within(4e-16, "normal tails");
    subnormal.within(1e-323, "normal tails, subnormal");
}

#[test]
fn normal_quantiles_agree_with_the_grid() {
    let mut worst = Worst::default();
    for row in both("normal.json").iter().flat_map(|file| rows(file, "quantile")) {
        let p = number(&row["p"]);
        worst.relative(normal::quantile(p), number(&row["ppf"]), || format!("p = {p}"));
    }
    worst.within(8e-16, "normal quantiles");
}

#[test]
fn beta_tails_agree_with_the_grid() {
    let mut worst = Worst::default();
    for row in both("beta.json").iter().flat_map(|file| rows(file, "rows")) {
        let [a, b, x] = ["a", "b", "x"].map(|key| number(&row[key]));
        let at = || format!("x = {x}, a = {a}, b = {b}");
        worst.relative(beta::cdf(x, a, b), number(&row["cdf_at_x"]), at);
    }
    worst.within(1e-14, "beta tails");
}

#[test]
fn beta_quantiles_agree_with_scipy() {
    let mut worst = Worst::default();
    for row in both("beta.json").iter().flat_map(|file| rows(file, "rows")) {
        let [a, b, p] = ["a", "b", "p"].map(|key| number(&row[key]));
        let at = || format!("p = {p}, a = {a}, b = {b}");
        worst.relative(beta::quantile(p, a, b), number(&row["scipy_ppf"]), at);
    }
    worst.within(1e-13, "beta quantiles against scipy");
}

#[test]
fn beta_agrees_with_the_oracle_up_to_ten_million() {
    let (mut tails, mut quantiles) = (Worst::default(), Worst::default());
    let file = carried("oracle.json");
    for row in rows(&file, "beta") {
        let [a, b, p, x] = ["a", "b", "p", "x"].map(|key| number(&row[key]));
        let side = row["side"].as_str().unwrap();
        let at = || format!("{side} p = {p}, x = {x}, a = {a}, b = {b}");
        let quantile = if side == "lower" { beta::quantile } else { beta::upper_quantile };
        quantiles.relative(quantile(p, a, b), number(&row["quantile"]), at);
        if !row["lower"].is_null() {
            tails.relative(beta::cdf(x, a, b), number(&row["lower"]), at);
            tails.relative(beta::sf(x, a, b), number(&row["upper"]), at);
        }
    }
    tails.within(2e-14, "beta tails against the oracle");
    quantiles.within(1e-14, "beta quantiles against the oracle");
}

fn ends(row: &Value, method: Method, level: &str) -> Interval {
    let count = |key: &str| row[key].as_u64().unwrap();
    interval(count("k"), count("n"), method, number(&row[level])).unwrap()
}

#[test]
fn wilson_agrees_with_the_grid() {
    let mut worst = Worst::default();
    for row in both("proportion_intervals.json").iter().flat_map(|file| rows(file, "rows")) {
        let ci = ends(row, Method::Wilson, "conf");
        worst.relative(ci.low, number(&row["wilson"][0]), || row.to_string());
        worst.relative(ci.high, number(&row["wilson"][1]), || row.to_string());
    }
    // The grid takes 0.95 as 19/20, not as the double.
    worst.within(2e-15, "Wilson");
}

#[test]
fn wilson_with_continuity_correction_agrees_with_scipy() {
    let mut worst = Worst::default();
    for row in both("proportion_intervals.json").iter().flat_map(|file| rows(file, "rows")) {
        let ci = ends(row, Method::WilsonCc, "conf");
        worst.relative(ci.low, number(&row["wilson_cc"][0]), || row.to_string());
        worst.relative(ci.high, number(&row["wilson_cc"][1]), || row.to_string());
    }
    worst.within(1e-12, "Wilson with continuity correction against scipy");
}

#[test]
fn clopper_pearson_agrees_with_scipy() {
    let mut worst = Worst::default();
    for row in both("proportion_intervals.json").iter().flat_map(|file| rows(file, "rows")) {
        let ci = ends(row, Method::ClopperPearson, "conf");
        worst.absolute(ci.low, number(&row["clopper_pearson"][0]), || row.to_string());
        worst.absolute(ci.high, number(&row["clopper_pearson"][1]), || row.to_string());
    }
    // scipy finds these by bracketing to about 1e-12; the oracle below is sharper.
    worst.within(1e-12, "Clopper–Pearson against scipy");
}

#[test]
fn the_published_intervals_of_newcombe_agree_to_the_printed_digits() {
    let mut worst = Worst::default();
    let file = carried("proportion_intervals.json");
    for row in rows(&file, "published") {
        for (method, key) in
            [(Method::Wilson, "wilson"), (Method::ClopperPearson, "clopper_pearson")]
        {
            let ci = ends(row, method, "conf");
            worst.absolute(ci.low, number(&row[key][0]), || row.to_string());
            worst.absolute(ci.high, number(&row[key][1]), || row.to_string());
        }
    }
    worst.within(5.001e-5, "Newcombe 1998");
}

#[test]
fn intervals_agree_with_the_oracle() {
    let file = carried("oracle.json");
    for (method, key, limit) in [
        (Method::Wilson, "wilson", 8e-16),
        (Method::WilsonCc, "wilson_cc", 8e-16),
        (Method::ClopperPearson, "clopper_pearson", 6e-15),
    ] {
        let mut worst = Worst::default();
        for row in rows(&file, "intervals") {
            let ci = ends(row, method, "level");
            worst.relative(ci.low, number(&row[key][0]), || row.to_string());
            worst.relative(ci.high, number(&row[key][1]), || row.to_string());
        }
        worst.within(limit, key);
    }
}

fn proportion(pair: &Value) -> Proportion {
    Proportion { k: pair[0].as_u64().unwrap(), n: pair[1].as_u64().unwrap() }
}

#[test]
fn differences_agree_with_the_oracle() {
    let mut worst = Worst::default();
    let file = carried("oracle.json");
    for row in rows(&file, "differences") {
        let d =
            difference(proportion(&row["now"]), proportion(&row["before"]), number(&row["level"]));
        let d = d.unwrap();
        worst.absolute(d.low, number(&row["low"]), || row.to_string());
        worst.absolute(d.high, number(&row["high"]), || row.to_string());
    }
    worst.within(4e-16, "difference");
}

#[test]
fn rolled_throughput_yield_agrees_with_the_oracle() {
    let mut worst = Worst::default();
    let file = carried("oracle.json");
    for row in rows(&file, "rty") {
        let operations: Vec<_> = rows(row, "operations").iter().map(proportion).collect();
        let got = rty(&operations, number(&row["level"])).unwrap();
        worst.relative(got.value, number(&row["value"]), || row.to_string());
        worst.relative(got.low, number(&row["low"]), || row.to_string());
        worst.relative(got.high, number(&row["high"]), || row.to_string());
    }
    worst.within(6e-15, "rolled throughput yield");
}
