//! Distributions and tests against 40-digit values and against `SciPy` and R, where the shared
//! grids are available.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use engine::stats::contingency::Table;
use engine::stats::hypergeometric::{self, Draw};
use engine::stats::{
    anderson_darling, anova, binomial, chi_square, f_distribution, kruskal_wallis,
    linear_regression, moments, multiple_testing, poisson, quantiles, student_t, welch,
};
use moments::Moments;
use support::{Worst, number, numbers, rows, shared};

/// Compared where the true value is a normal double.
fn tail(worst: &mut Worst, got: f64, truth: f64, at: impl Fn() -> String) {
    if truth >= f64::MIN_POSITIVE {
        worst.relative(got, truth, at);
    }
}

#[test]
fn chi_square_agrees_with_the_grid() {
    let Some(file) = shared("chi2_gamma.json") else { return };
    let (mut tails, mut quantiles) = (Worst::default(), Worst::default());
    for row in rows(&file, "tail") {
        let [df, x] = ["df", "x"].map(|key| number(&row[key]));
        tail(&mut tails, chi_square::sf(x, df), number(&row["sf"]), || row.to_string());
    }
    for row in rows(&file, "quantile") {
        let [df, q] = ["df", "upper_tail"].map(|key| number(&row[key]));
        let got = chi_square::upper_quantile(q, df);
        quantiles.relative(got, number(&row["scipy_isf"]), || row.to_string());
    }
    tails.within(1e-13, "chi-square tails");
    quantiles.within(1e-13, "chi-square quantiles against SciPy");
}

#[test]
fn student_t_agrees_with_the_grid() {
    let Some(file) = shared("student_t.json") else { return };
    let (mut tails, mut quantiles) = (Worst::default(), Worst::default());
    for row in rows(&file, "tail") {
        let [df, t] = ["df", "t"].map(|key| number(&row[key]));
        tail(&mut tails, student_t::sf(t, df), number(&row["sf"]), || row.to_string());
        tail(&mut tails, student_t::cdf(t, df), number(&row["cdf"]), || row.to_string());
    }
    for row in rows(&file, "quantile") {
        let [df, q] = ["df", "upper_tail"].map(|key| number(&row[key]));
        let got = student_t::upper_quantile(q, df);
        quantiles.relative(got, number(&row["quantile"]), || row.to_string());
    }
    tails.within(1e-13, "Student's t tails");
    quantiles.within(1e-13, "Student's t quantiles");
}

#[test]
fn f_agrees_with_the_grid() {
    let Some(file) = shared("f_dist.json") else { return };
    let (mut tails, mut quantiles) = (Worst::default(), Worst::default());
    for row in rows(&file, "tail") {
        let [d1, d2, f] = ["d1", "d2", "f"].map(|key| number(&row[key]));
        tail(&mut tails, f_distribution::sf(f, d1, d2), number(&row["sf"]), || row.to_string());
    }
    for row in rows(&file, "quantile") {
        let [d1, d2, q] = ["d1", "d2", "upper_tail"].map(|key| number(&row[key]));
        let got = f_distribution::upper_quantile(q, d1, d2);
        quantiles.relative(got, number(&row["scipy_isf"]), || row.to_string());
    }
    tails.within(2e-13, "F tails");
    // SciPy's own error: F(1, 10) at 10⁻⁶ is 110.5965610138920545… (mpmath, 30 digits).
    quantiles.within(1e-11, "F quantiles against SciPy");
    assert!(
        (f_distribution::upper_quantile(1e-6, 1.0, 10.0) / 110.596_561_013_892_05 - 1.0).abs()
            < 1e-14
    );
}

#[test]
fn discrete_tails_agree_with_the_grid() {
    let Some(file) = shared("discrete_tails.json") else { return };
    let mut worst = Worst::default();
    for row in rows(&file, "binomial") {
        let [n, k] = ["n", "k"].map(|key| number(&row[key]) as u64);
        let p = number(&row["p"]);
        let at = || row.to_string();
        tail(&mut worst, binomial::pmf(k, n, p), number(&row["pmf"]), at);
        tail(&mut worst, binomial::cdf(k, n, p), number(&row["cdf_le"]), at);
        tail(&mut worst, binomial::upper_tail(k, n, p), number(&row["tail_ge"]), at);
    }
    for row in rows(&file, "poisson") {
        let (mean, k) = (number(&row["mu"]), number(&row["k"]) as u64);
        tail(&mut worst, poisson::cdf(k, mean), number(&row["cdf_le"]), || row.to_string());
        tail(&mut worst, poisson::sf(k, mean), number(&row["tail_gt"]), || row.to_string());
    }
    for row in rows(&file, "hypergeom") {
        let [population, marked, drawn, k] =
            ["N", "K", "n", "k"].map(|key| number(&row[key]) as u64);
        let draw = Draw { population, marked, drawn };
        let at = || row.to_string();
        tail(&mut worst, hypergeometric::pmf(k, draw), number(&row["pmf"]), at);
        tail(&mut worst, hypergeometric::upper_tail(k, draw), number(&row["tail_ge"]), at);
    }
    worst.within(5e-13, "discrete tails");
}

#[test]
fn fisher_and_the_odds_ratio_agree_with_the_grid() {
    let Some(file) = shared("contingency.json") else { return };
    let (mut exact, mut ratio) = (Worst::default(), Worst::default());
    for row in rows(&file, "two_by_two") {
        let cells = rows(row, "table").iter().flat_map(numbers).collect::<Vec<_>>();
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| cells[i] as u64);
        let table = Table { a, b, c, d };
        let at = || row["table"].to_string();
        tail(&mut exact, table.fisher_greater(), number(&row["exact_greater"]), at);
        tail(&mut exact, table.fisher_less(), number(&row["exact_less"]), at);
        if let (Some(got), Some(truth)) = (table.odds_ratio(), row["odds_ratio"].as_f64()) {
            ratio.relative(got, truth, at);
        }
        if let (Some(v), Some(chi2)) = (table.cramers_v(), row["chi2"].as_f64()) {
            ratio.relative(v * v * table.n() as f64, chi2, at);
        }
    }
    exact.within(2e-12, "Fisher's exact test");
    ratio.within(1e-12, "odds ratio and chi-square");
}

#[test]
fn adjusted_p_values_agree_with_the_grid() {
    let Some(file) = shared("multiple_testing.json") else { return };
    let mut worst = Worst::default();
    for row in rows(&file, "rows") {
        let p = numbers(&row["p"]);
        for (got, key) in
            [(multiple_testing::benjamini_hochberg(&p), "bh"), (multiple_testing::holm(&p), "holm")]
        {
            for (got, truth) in got.iter().zip(numbers(&row[key])) {
                worst.relative(*got, truth, || format!("{key} {p:?}"));
            }
        }
    }
    worst.within(1e-14, "adjusted p values");
}

#[test]
fn the_example_of_benjamini_and_hochberg_is_reproduced() {
    let p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ];
    let q = multiple_testing::benjamini_hochberg(&p);
    assert_eq!(q.iter().filter(|q| **q <= 0.05).count(), 4);
    assert_eq!(multiple_testing::holm(&p).iter().filter(|p| **p <= 0.05).count(), 3);
    let printed = [0.0015, 0.003, 0.0095, 0.03562, 0.0603, 0.06386, 0.06386, 0.0645, 0.0765];
    for (q, printed) in q.iter().zip(printed) {
        assert!((q - printed).abs() < 6e-6, "{q} {printed}");
    }
}

#[test]
fn samples_agree_with_scipy() {
    let Some(file) = shared("one_sample_corr_anova.json") else { return };
    let (mut worst, mut tests) = (Worst::default(), Worst::default());
    for row in rows(&file, "one_sample") {
        let x = numbers(&row["x"]);
        let moments = Moments::from_values(&x);
        let sorted = quantiles::sorted(&x);
        let at = || row["mean"].to_string();
        worst.relative(moments.mean, number(&row["mean"]), at);
        worst.relative(moments.sd().unwrap(), number(&row["sd"]), at);
        let (skewness, kurtosis) = moments::skewness_kurtosis(&x).unwrap();
        worst.absolute(skewness, number(&row["skew_g1"]), at);
        worst.absolute(kurtosis, number(&row["kurt_excess_g2"]), at);
        for (p, truth) in row["quantiles_type7"].as_object().unwrap() {
            let p = p.parse().unwrap();
            worst.relative(quantiles::quantile(&sorted, p).unwrap(), number(truth), at);
        }
        if let Some(test) = anderson_darling::normality(&x) {
            tests.absolute(test.a2, number(&row["ad_normal_a2"]), at);
        }
    }
    for row in rows(&file, "correlation") {
        let points: Vec<_> = numbers(&row["x"]).into_iter().zip(numbers(&row["y"])).collect();
        let line = linear_regression::fit(&points).unwrap();
        let at = || row["slope"].to_string();
        tests.relative(line.slope, number(&row["slope"]), at);
        tests.relative(line.slope_se, number(&row["slope_se"]), at);
        tests.relative(line.slope_p, number(&row["slope_p"]), at);
        tests.absolute(line.r_squared, number(&row["r2"]), at);
    }
    for row in rows(&file, "anova") {
        let groups: Vec<Vec<f64>> = rows(row, "groups").iter().map(numbers).collect();
        let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
        let test = anova::one_way(&groups).unwrap().test;
        let ranks = kruskal_wallis::kruskal_wallis(&groups).unwrap();
        let at = || row["F"].to_string();
        tests.relative(test.f, number(&row["F"]), at);
        tests.relative(test.p, number(&row["p"]), at);
        tests.relative(ranks.h, number(&row["kruskal_H"]), at);
        tests.relative(ranks.p, number(&row["kruskal_p"]), at);
    }
    worst.within(2e-13, "moments and quantiles");
    tests.within(3e-11, "tests of samples");
}

#[test]
fn welch_agrees_with_scipy() {
    let Some(file) = shared("two_sample.json") else { return };
    let mut worst = Worst::default();
    for row in rows(&file, "rows") {
        let [x, y] = ["x", "y"].map(|key| Moments::from_values(&numbers(&row[key])));
        let Some(test) = welch::mean_difference(x, y, 0.95) else { continue };
        let at = || row["welch_t"].to_string();
        let ci = numbers(&row["welch_ci95_diff"]);
        worst.absolute(test.t, number(&row["welch_t"]), at);
        worst.relative(test.df, number(&row["welch_df"]), at);
        worst.relative(test.p, number(&row["welch_p"]), at);
        worst.absolute(test.ci.low, ci[0], at);
        worst.absolute(test.ci.high, ci[1], at);
    }
    worst.within(1e-11, "Welch's t test");
}
