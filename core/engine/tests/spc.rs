//! Capability and control charts against NIST, R `qcc` and `qicharts2`, and JASP (whose
//! tests are verified with Minitab).

#![allow(clippy::disallowed_methods, clippy::approx_constant)] // tests compare with std and with digits as printed
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use engine::spc::arl;
use engine::spc::attributes::{self, Count, Kind};
use engine::spc::capability::{Limits, capability, non_normal};
use engine::spc::choice::{Reason, attribute_chart};
use engine::spc::constants::{Precision, constants};
use engine::spc::cusum::{self, Cusum};
use engine::spc::ewma::{self, Ewma};
use engine::spc::laney;
use engine::spc::rules::{Rules, evaluate};
use engine::spc::variables::{self, Baseline};
use engine::spc::within::{Estimator, within};
use engine::spc::{Point, variables::Kind as Variable};
use engine::stats::families::{Family, fit_all};
use engine::stats::moments::Moments;
use engine::stats::{anderson_darling, quantiles, random::Random};
use support::{Worst, number, numbers, rows, shared_file, shared_text};

fn close(got: f64, printed: f64, tolerance: f64, what: &str) {
    assert!((got - printed).abs() <= tolerance, "{what}: {got} against {printed}");
}

#[test]
fn constants_agree_with_the_integrals_of_mpmath() {
    let Some(file) = shared_file("spc/constants_d2_d3_c4.json") else { return };
    let (mut exact, mut d3) = (Worst::default(), Worst::default());
    for row in rows(&file, "rows") {
        let known = constants(number(&row["n"]) as usize, Precision::Exact).unwrap();
        exact.relative(known.d2, number(&row["d2"]), || row.to_string());
        exact.relative(known.c4, number(&row["c4"]), || row.to_string());
        d3.absolute(known.d3, number(&row["d3"]), || row.to_string());
    }
    exact.within(1e-14, "d2 and c4");
    d3.within(1e-9, "d3");
}

#[test]
fn published_constants_are_those_of_the_tables() {
    for (n, d2, d3, c4) in [
        (2, 1.128, 0.853, 0.7979),
        (3, 1.693, 0.888, 0.8862),
        (5, 2.326, 0.864, 0.9400),
        (10, 3.078, 0.797, 0.9727),
    ] {
        let known = constants(n, Precision::Published).unwrap();
        assert_eq!((known.d2, known.d3, known.c4), (d2, d3, c4), "n = {n}");
    }
}

/// Consecutive values in groups of `size`.
fn groups(values: &[f64], size: usize) -> Vec<&[f64]> {
    values.chunks_exact(size).collect()
}

/// The limits of the main chart of its own baseline.
fn main_limits(
    kind: Variable,
    groups: &[&[f64]],
    estimator: Estimator,
    precision: Precision,
) -> Point {
    let baseline = variables::baseline(groups, estimator, precision).unwrap();
    variables::chart(kind, groups, baseline, precision).main[0]
}

#[test]
fn piston_rings_agree_with_qcc() {
    let Some(file) = shared_file("spc/qcc.json") else { return };
    let all = numbers(&file["data"]["pistonrings"]["diameter"]);
    let results = &file["results"];
    let trial = groups(&all[..125], 5);
    // qcc's d2 has three decimals.
    let point = main_limits(Variable::MeanRange, &trial, Estimator::Range, Precision::Published);
    let truth = &results["pistonrings_xbar_phase1"];
    close(point.lower, number(&truth["LCL"]), 1e-9, "xbar LCL");
    close(point.upper, number(&truth["UCL"]), 1e-9, "xbar UCL");
    let published = Precision::Published;
    let baseline = variables::baseline(&trial, Estimator::Range, published).unwrap();
    close(baseline.sigma, number(&truth["std_dev"]), 1e-12, "sigma of R");
    let chart = variables::chart(Variable::MeanRange, &trial, baseline, published);
    let range = chart.spread[0].unwrap();
    close(range.upper, number(&results["pistonrings_R"]["UCL"]), 2e-5, "R UCL");
    let (estimator, key) = (Estimator::StandardDeviation, "pistonrings_xbar_sdUWAVESD");
    let point = main_limits(Variable::MeanDeviation, &trial, estimator, Precision::Exact);
    close(point.lower, number(&results[key]["LCL"]), 1e-9, key);
    let baseline =
        variables::baseline(&trial, Estimator::StandardDeviation, Precision::Exact).unwrap();
    let chart = variables::chart(Variable::MeanDeviation, &trial, baseline, Precision::Exact);
    let s = chart.spread[0].unwrap();
    close(s.centre, number(&results["pistonrings_S"]["center"]), 1e-12, "S centre");
    close(s.upper, number(&results["pistonrings_S"]["UCL"]), 1e-12, "S UCL");
    // Phase II against the frozen baseline of phase I.
    let baseline = variables::baseline(&trial, Estimator::Range, published).unwrap();
    let later = groups(&all[125..], 5);
    let chart = variables::chart(Variable::MeanRange, &later, baseline, published);
    let outside: Vec<usize> =
        (0..later.len()).filter(|i| chart.main[*i].is_outside()).map(|i| i + 26).collect();
    assert_eq!(outside, [37, 38, 39]);
    // EWMA and CUSUM of all groups with the same baseline.
    let means: Vec<f64> = groups(&all, 5).iter().map(|g| Moments::from_values(g).mean).collect();
    let sizes = vec![5; means.len()];
    let points =
        ewma::chart(&means[..25], &sizes[..25], baseline, Ewma { lambda: 0.2, width: 3.0 })
            .unwrap();
    let truth = &results["pistonrings_ewma_lambda0.2"];
    for (i, (point, y)) in points.iter().zip(numbers(&truth["y"])).enumerate() {
        close(point.value, y, 1e-10, "EWMA");
        let limits = numbers(&truth["limits"][i]);
        close(point.lower, limits[0], 1e-9, "EWMA lower");
        close(point.upper, limits[1], 1e-9, "EWMA upper");
    }
    let sums = cusum::chart(&means, &sizes, baseline, Cusum::default()).unwrap();
    let truth = &results["pistonrings_cusum"];
    let unit = baseline.sigma / 5_f64.sqrt();
    for (sums, positive) in sums.iter().zip(numbers(&truth["pos"])) {
        close(sums.upper / unit, positive, 1e-8, "CUSUM");
    }
    let signals: Vec<usize> = (0..40).filter(|i| sums[*i].is_signal()).map(|i| i + 1).collect();
    assert_eq!(signals, [37, 38, 39, 40]);
}

#[test]
fn capability_agrees_with_qcc() {
    let Some(file) = shared_file("spc/qcc.json") else { return };
    let all = numbers(&file["data"]["pistonrings"]["diameter"]);
    let values = &all[..125];
    let mut sigma = within(&groups(values, 5), Estimator::Range, Precision::Published).unwrap();
    // qcc's intervals use n − 1, not the degrees of freedom of its estimator.
    sigma.df = 124.0;
    let limits = Limits { low: Some(73.95), high: Some(74.05), target: None };
    let got = capability(values, Some(sigma), limits, 0.95).unwrap().within;
    for row in rows(&file["results"]["pistonrings_capability_73.95_74.05"], "indices") {
        let value = number(&row["Value"]);
        let ends = (row["2.5%"].as_f64().unwrap(), row["97.5%"].as_f64().unwrap());
        match row["_row"].as_str().unwrap() {
            "Cp" => {
                let index = got.both.unwrap();
                close(index.value, value, 1e-9, "Cp");
                close(index.ci.unwrap().low, ends.0, 1e-9, "Cp low");
                close(index.ci.unwrap().high, ends.1, 1e-9, "Cp high");
            }
            "Cp_k" => {
                let index = got.least.unwrap();
                close(index.value, value, 1e-9, "Cpk");
                close(index.ci.unwrap().low, ends.0, 1e-9, "Cpk low");
                close(index.ci.unwrap().high, ends.1, 1e-9, "Cpk high");
            }
            "Cp_l" => close(got.lower.unwrap(), value, 1e-9, "CPL"),
            "Cp_u" => close(got.upper.unwrap(), value, 1e-9, "CPU"),
            _ => {}
        }
    }
    let overall = capability(values, None, limits, 0.95).unwrap().overall;
    close(overall.both.unwrap().value, 1.6551, 5e-5, "Pp");
    close(overall.least.unwrap().value, 1.6162, 5e-5, "Ppk");
    let narrow = Limits { low: Some(73.99), high: Some(74.01), target: None };
    let got = capability(values, Some(sigma), narrow, 0.95).unwrap();
    let truth = &file["results"]["pistonrings_capability_73.99_74.01"];
    let (expected, observed) = (numbers(&truth["exp"]), numbers(&truth["obs"]));
    close(got.within.ppm_below.unwrap() / 1e6, expected[0], 1e-9, "expected below");
    close(got.within.ppm_above.unwrap() / 1e6, expected[1], 1e-9, "expected above");
    close(got.observed.0 / 1e6, observed[0], 1e-12, "observed below");
    close(got.observed.1 / 1e6, observed[1], 1e-12, "observed above");
}

/// The column `name` of a CSV whose first line names its columns.
fn column(text: &str, name: &str) -> Vec<f64> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = names.iter().position(|field| field.trim_matches('"') == name).unwrap();
    lines.filter_map(|line| line.split(',').nth(at)?.trim_matches('"').parse().ok()).collect()
}

const JASP: &str =
    "spc/jasp/datasets/processCapabilityStudy/processCapabilityAnalysisLongFormatDebug.csv";
const JASP_FLAT: &str = "spc/jasp/datasets/processCapabilityAnalysisLongFormatDebug.csv";

fn jasp_diameter() -> Option<Vec<f64>> {
    let text = shared_text(JASP_FLAT).or_else(|| shared_text(JASP))?;
    Some(column(&text, "Diameter"))
}

#[test]
fn capability_agrees_with_jasp_and_minitab() {
    let Some(values) = jasp_diameter() else { return };
    let limits = Limits { low: Some(0.0), high: Some(12.0), target: Some(6.0) };
    let sigma = within(&groups(&values, 5), Estimator::Range, Precision::Published).unwrap();
    close(sigma.sigma, 1.762_682_717_110_92, 1e-12, "sigma within");
    assert_eq!(sigma.df, 80.0);
    let got = capability(&values, Some(sigma), limits, 0.9).unwrap();
    let moments = Moments::from_values(&values);
    close(moments.mean, 7.08, 1e-12, "mean");
    close(moments.sd().unwrap(), 1.856_356_810_007_33, 1e-13, "sd");
    let index = |index: Option<engine::spc::capability::Index>, value: f64, low: f64, high: f64| {
        let index = index.unwrap();
        close(index.value, value, 5.1e-3, "index");
        close(index.ci.unwrap().low, low, 5.1e-3, "low");
        close(index.ci.unwrap().high, high, 5.1e-3, "high");
    };
    index(got.within.both, 1.13, 0.99, 1.28);
    index(got.within.least, 0.93, 0.80, 1.06);
    index(got.overall.both, 1.08, 0.95, 1.20);
    index(got.overall.least, 0.88, 0.77, 1.00);
    index(got.cpm, 0.93, 0.83, 1.04);
    close(got.overall.ppm_below.unwrap(), 68.39, 5e-3, "ppm");
    close(got.overall.ppm_above.unwrap(), 4020.39, 5e-3, "ppm");
    close(got.within.ppm_below.unwrap(), 29.52, 5e-3, "ppm");
    close(got.within.ppm_above.unwrap(), 2625.65, 5e-3, "ppm");
    assert_eq!(got.observed, (0.0, 10_000.0));
    let normality = anderson_darling::normality(&values).unwrap();
    close(normality.a2, 0.43, 5e-3, "A2");
    close(normality.p, 0.30, 5e-3, "p");
    // Individuals, moving ranges.
    let individuals: Vec<&[f64]> = values.iter().map(core::slice::from_ref).collect();
    let sigma = within(&individuals, Estimator::MovingRange, Precision::Published).unwrap();
    close(sigma.sigma, 1.863_493_086_897_34, 1e-12, "sigma of moving ranges");
    let got = capability(&values, Some(sigma), limits, 0.9).unwrap();
    // JASP multiplies the rounded index: 1.07 × 0.882 prints as 0.94.
    let both = got.within.both.unwrap();
    close(both.value, 1.07, 5.1e-3, "Cp");
    close(1.07 * both.ci.unwrap().low / both.value, 0.94, 5e-3, "Cp low");
    index(got.within.least, 0.88, 0.76, 1.00);
    close(got.within.ppm_above.unwrap(), 4142.82, 5e-3, "ppm");
}

#[test]
fn weibull_fits_agree_with_jasp_and_minitab() {
    let Some(values) = jasp_diameter() else { return };
    let limits = Limits { low: Some(0.0), high: Some(12.0), target: None };
    for (part, shape, scale, a2, p, ppk) in [
        (&values[..40], 4.040_740_761, 7.821_556_480, 0.32, 0.52, 0.91),
        (&values[40..], 4.186_627_340, 7.763_078_539, 0.79, 0.04, 0.96),
    ] {
        let fits = fit_all(part);
        let fit = fits.iter().find(|fit| fit.family.id() == "weibull").unwrap();
        let Family::Weibull { shape: got_shape, scale: got_scale } = fit.family else { panic!() };
        // JASP's optimizer stops at four digits.
        close(got_shape, shape, 5e-4, "shape");
        close(got_scale, scale, 5e-4, "scale");
        close(fit.test.a2, a2, 5.1e-3, "A2");
        close(fit.test.p, p, 0.02, "p");
        let family = fit.family;
        let middle = family.quantile(0.5);
        let above = (12.0 - middle) / (family.quantile(0.998_650_101_968_369_9) - middle);
        close(above, ppk, 5.1e-3, "PPU");
    }
    let sorted = quantiles::sorted(&values);
    assert!(non_normal(&sorted, &fit_all(&values), limits).unwrap().family.is_some());
}

#[test]
fn families_recover_the_parameters_of_their_samples() {
    let mut random = Random::new(3);
    let uniform: Vec<f64> = (0..4_000).map(|_| random.uniform()).collect();
    for truth in [
        Family::Lognormal { mean: 1.0, sd: 0.5 },
        Family::Weibull { shape: 1.7, scale: 3.0 },
        Family::Gamma { shape: 2.5, scale: 2.0 },
        Family::JohnsonSu { gamma: -1.0, delta: 1.5, xi: 2.0, lambda: 0.7 },
    ] {
        let sample: Vec<f64> = uniform.iter().map(|p| truth.quantile(*p)).collect();
        let fits = fit_all(&sample);
        let fit = fits.iter().find(|fit| fit.family.id() == truth.id()).unwrap();
        assert!(fit.test.p > 0.05, "{truth:?}: {fit:?}");
        for p in [0.01, 0.5, 0.99] {
            let (got, truth) = (fit.family.quantile(p), truth.quantile(p));
            assert!((got / truth - 1.0).abs() < 0.08, "{p}: {got} {truth} {fit:?}");
        }
        for p in [1e-6, 0.3, 0.999] {
            close(fit.family.tails(fit.family.quantile(p)).0, p, 1e-9, "quantile and tail");
        }
        let wrong = fits.iter().find(|fit| fit.family.id() == "normal").unwrap();
        assert!(wrong.test.p < 1e-6);
    }
}

#[test]
fn charts_agree_with_the_handbook_of_nist() {
    let x = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
    let individuals: Vec<&[f64]> = x.iter().map(core::slice::from_ref).collect();
    let published = Precision::Published;
    let baseline = variables::baseline(&individuals, Estimator::MovingRange, published).unwrap();
    let chart = variables::chart(Variable::Individuals, &individuals, baseline, published);
    close(chart.main[0].centre, 50.81, 1e-9, "centre");
    close(chart.main[0].upper, 55.8041, 5e-5, "UCL");
    close(chart.main[0].lower, 45.8159, 5e-5, "LCL");
    assert!(chart.spread[0].is_none());
    // NIST prints 3.267 times the mean range; D4 of the exact constants is 3.26653.
    let chart = variables::chart(
        Variable::Individuals,
        &individuals,
        variables::baseline(&individuals, Estimator::MovingRange, Precision::Exact).unwrap(),
        Precision::Exact,
    );
    close(chart.spread[1].unwrap().upper, 6.1347, 1e-3, "MR UCL");
    // EWMA, pmc324.
    let x = [
        52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8,
        51.2, 52.6, 52.4, 53.6, 52.1,
    ];
    let z = [
        50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52,
        50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
    ];
    let baseline = Baseline { centre: 50.0, sigma: 2.0539 };
    let points = ewma::chart(&x, &[1; 20], baseline, Ewma { lambda: 0.3, width: 3.0 }).unwrap();
    for (point, z) in points.iter().zip(z) {
        close(point.value, z, 6e-3, "EWMA");
    }
    close(points[19].upper, 52.5884, 5e-3, "asymptotic UCL");
    assert!(points.iter().all(|point| !point.is_outside()));
    // CUSUM, pmc323.
    let means = [
        324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6,
        324.625, 325.15, 328.325, 327.25, 327.825, 328.5, 326.675, 327.775, 326.875, 328.35,
    ];
    let baseline = Baseline { centre: 325.0, sigma: 1.0 };
    let settings = Cusum { allowance: 0.3175, decision: 4.1959 };
    let sums = cusum::chart(&means, &[1; 20], baseline, settings).unwrap();
    for (sums, printed) in
        sums[12..].iter().zip([3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04])
    {
        close(sums.upper, printed, 6e-3, "S+");
    }
    assert_eq!(sums.iter().position(cusum::Sums::is_signal), Some(13));
    close(sums.iter().map(|sums| sums.lower).fold(0.0, f64::max), 0.72, 5e-3, "max S-");
    // c chart, pmc331: point 3 (28) lies on the limit.
    let c = [
        16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16,
        31, 13,
    ];
    let counts: Vec<Count> = c.iter().map(|&k| Count { k, n: 1 }).collect();
    let rate = attributes::rate(Kind::C, &counts).unwrap();
    let points = attributes::chart(Kind::C, &counts, rate);
    assert_eq!((points[0].lower, points[0].centre, points[0].upper), (4.0, 16.0, 28.0));
    let outside: Vec<usize> = (0..25).filter(|i| points[*i].is_outside()).collect();
    assert_eq!(outside, [23]);
    // Capability, pmc16, from a sample with mean 16 and s 2.
    let limits = Limits { low: Some(8.0), high: Some(20.0), target: Some(14.0) };
    let got = capability(&[14.0, 16.0, 18.0], None, limits, 0.95).unwrap();
    close(got.overall.both.unwrap().value, 1.0, 1e-12, "Cp");
    close(got.overall.upper.unwrap(), 2.0 / 3.0, 1e-12, "CPU");
    close(got.overall.lower.unwrap(), 4.0 / 3.0, 1e-12, "CPL");
    close(got.cpm.unwrap().value, 0.7071, 5e-5, "Cpm");
}

const ORANGE_JUICE: [u64; 30] = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12,
    7, 13, 9, 6,
];

#[test]
fn charts_of_counts_agree_with_qcc() {
    let counts: Vec<Count> = ORANGE_JUICE.iter().map(|&k| Count { k, n: 50 }).collect();
    let rate = attributes::rate(Kind::P, &counts).unwrap();
    let points = attributes::chart(Kind::P, &counts, rate);
    close(rate, 0.231_333_333_333_333, 1e-14, "rate");
    close(points[0].lower, 0.052_427_548_071_928_2, 1e-14, "LCL");
    close(points[0].upper, 0.410_239_118_594_738, 1e-14, "UCL");
    let outside: Vec<usize> = (0..30).filter(|i| points[*i].is_outside()).map(|i| i + 1).collect();
    assert_eq!(outside, [15, 23]);
    let np = attributes::chart(Kind::Np, &counts, rate)[0];
    close(np.lower, 2.621_377_403_596_41, 1e-12, "np LCL");
    close(np.upper, 20.511_955_929_736_9, 1e-12, "np UCL");
    let test = attributes::dispersion(Kind::P, &counts).unwrap();
    close(test.ratio, 2.945_148_944_132_45, 1e-12, "dispersion ratio");
    close(test.p, 1.8211e-7, 1e-10, "dispersion p");
    let sigma_z = laney::sigma_z(Kind::P, &counts, rate, Precision::Published).unwrap();
    close(sigma_z, 1.66087, 5e-4, "sigma z");
    let point = laney::laney(Kind::P, &counts, rate, sigma_z)[0];
    close(point.upper, 0.52847, 1e-4, "Laney UCL");
    assert_eq!(point.lower, 0.0);
    let counts = vec![Count { k: 193, n: 100 }];
    let rate = attributes::rate(Kind::U, &counts).unwrap();
    let point = attributes::chart(Kind::U, &[Count { k: 10, n: 5 }], rate)[0];
    close(point.lower, 0.066_133_051_958_911_8, 1e-12, "u LCL");
    close(point.upper, 3.793_866_948_041_09, 1e-12, "u UCL");
}

#[test]
fn laney_agrees_with_qicharts2() {
    let Some(file) = shared_file("spc/qicharts2.json") else { return };
    let data = &file["data"]["nhs_accidents"];
    let counts: Vec<Count> = numbers(&data["r"])
        .iter()
        .zip(numbers(&data["n"]))
        .map(|(k, n)| Count { k: *k as u64, n: n as u64 })
        .collect();
    let rate = attributes::rate(Kind::P, &counts).unwrap();
    let sigma_z = laney::sigma_z(Kind::P, &counts, rate, Precision::Published).unwrap();
    let mut worst = Worst::default();
    let truth = &file["results"]["nhs_accidents_pp_laney"];
    for (i, point) in laney::laney(Kind::P, &counts, rate, sigma_z).iter().enumerate() {
        for (got, key) in
            [(point.value, "y"), (point.centre, "cl"), (point.lower, "lcl"), (point.upper, "ucl")]
        {
            worst.relative(got, number(&truth[key][i]), || format!("{key} {i}"));
        }
    }
    worst.within(1e-13, "Laney's p′ chart against qicharts2");
    close(
        laney::sigma_z(Kind::P, &counts, rate, Precision::Exact).unwrap(),
        10.636_847,
        1e-6,
        "sigma z with the exact d2",
    );
    let choice = attribute_chart(&counts, false);
    assert!(choice.laney && matches!(choice.reason, Reason::ManyUnits { .. }));
}

#[test]
fn run_lengths_agree_with_the_published_ones() {
    let Some(file) = shared_file("spc/arl_cusum.json") else { return };
    let mut worst = Worst::default();
    for row in rows(&file, "cusum") {
        let [k, h, shift] = ["k", "h", "shift"].map(|key| number(&row[key]));
        let got = arl::cusum(Cusum { allowance: k, decision: h }, shift);
        worst.relative(got, number(&row["markov_chain"]), || row.to_string());
    }
    worst.within(2e-3, "run length of the CUSUM");
    // Lucas and Saccucci 1990: about 500.
    close(arl::ewma(Ewma { lambda: 0.2, width: 2.962 }, 0.0), 500.0, 2.0, "EWMA, no shift");
    close(arl::ewma(Ewma { lambda: 0.1, width: 2.814 }, 1.0), 10.3, 0.1, "EWMA, shift 1");
    // Champ and Woodall 1987: 91.75 for the four Western Electric rules.
    close(
        1.0 / arl::shewhart_false_alarms(&Rules::WesternElectric),
        91.75,
        5.0,
        "Western Electric",
    );
}

fn flagged(z: &[f64], rules: &Rules, number: u8) -> Vec<usize> {
    let hits = evaluate(z, rules);
    (0..z.len()).filter(|i| hits[*i].contains(&number)).collect()
}

#[test]
fn rules_flag_the_points_that_complete_a_pattern_and_no_others() {
    let nelson = Rules::nelson();
    let western = Rules::WesternElectric;
    // On the limit is inside.
    assert_eq!(flagged(&[3.0, 3.000_001, -3.1], &nelson, 1), [1, 2]);
    // A point on the centre line ends a run.
    let mut run = vec![0.1; 9];
    assert_eq!(flagged(&run, &nelson, 2), [8]);
    assert_eq!(flagged(&run, &western, 4), [7, 8]);
    run[4] = 0.0;
    assert!(flagged(&run, &nelson, 2).is_empty());
    // Six rising; equal neighbours end a trend.
    assert_eq!(flagged(&[-0.5, -0.3, -0.1, 0.1, 0.3, 0.5], &nelson, 3), [5]);
    assert!(flagged(&[-0.5, -0.3, -0.3, 0.1, 0.3, 0.5], &nelson, 3).is_empty());
    let zigzag: Vec<f64> = (0..14).map(|i| if i % 2 == 0 { 0.2 } else { -0.2 }).collect();
    assert_eq!(flagged(&zigzag, &nelson, 4), [13]);
    // The completing point must be beyond the zone itself, on the same side.
    assert_eq!(flagged(&[2.1, 0.0, 2.1, 0.0], &western, 2), [2]);
    assert!(flagged(&[2.1, -2.1, 0.5], &western, 2).is_empty());
    assert_eq!(flagged(&[1.1, 1.1, 0.2, 1.1, 1.1, 0.3], &western, 3), [4]);
    assert_eq!(flagged(&[0.9; 15], &nelson, 7), [14]);
    let outside: Vec<f64> = (0..8).map(|i| if i % 2 == 0 { 1.2 } else { -1.3 }).collect();
    assert_eq!(flagged(&outside, &nelson, 8), [7]);
}

#[test]
fn rule_sets_are_parsed_or_refused() {
    assert_eq!(Rules::parse("western-electric"), Some(Rules::WesternElectric));
    assert_eq!(Rules::parse("5,1,5").unwrap().numbers(), [1, 5]);
    assert_eq!(Rules::parse("none").unwrap().numbers(), [0_u8; 0]);
    for wrong in ["", "9", "1,,2", "nelsons", "-1"] {
        assert_eq!(Rules::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_chart_is_chosen_by_the_shape_of_the_data() {
    let mut random = Random::new(5);
    let mut series = |n: u64, spread: f64, groups: usize| -> Vec<Count> {
        (0..groups)
            .map(|_| {
                let p = (0.05 + spread * random.normal()).clamp(0.0, 1.0);
                Count { k: random.binomial(n, p), n }
            })
            .collect()
    };
    let (mut plain, mut wide) = (0, 0);
    for _ in 0..200 {
        plain += u32::from(!attribute_chart(&series(100, 0.0, 30), false).laney);
        wide += u32::from(attribute_chart(&series(500, 0.02, 30), false).laney);
    }
    assert!(plain >= 190, "stable series on a p chart: {plain} of 200");
    assert!(wide >= 190, "overdispersed series on Laney's chart: {wide} of 200");
    assert!(attribute_chart(&series(8_000, 0.0, 30), false).laney);
    let defects = attribute_chart(&[Count { k: 1, n: 10 }, Count { k: 2, n: 10 }], true);
    assert_eq!((defects.kind, defects.laney), (Kind::C, false));
}

#[test]
fn undefined_results_are_none() {
    let limits = Limits { low: Some(0.0), high: Some(1.0), target: None };
    assert!(capability(&[0.5], None, limits, 0.95).is_none());
    let constant = capability(&[0.5, 0.5], None, limits, 0.95).unwrap();
    assert!(constant.overall.both.is_none() && constant.overall.least.is_none());
    let reversed = Limits { low: Some(1.0), high: Some(0.0), target: None };
    assert!(capability(&[0.1, 0.2, 0.3], None, reversed, 0.95).is_none());
    let upper_only = Limits { low: None, high: Some(1.0), target: Some(0.5) };
    let got = capability(&[0.1, 0.2, 0.3], None, upper_only, 0.95).unwrap();
    assert!(got.overall.both.is_none() && got.cpm.is_none());
    assert_eq!(got.overall.least.map(|index| index.value), got.overall.upper);
    assert!(within(&[&[1.0], &[2.0]], Estimator::Range, Precision::Exact).is_none());
    assert!(constants(1, Precision::Exact).is_none());
}
