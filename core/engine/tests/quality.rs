//! Commonality, changepoints, comparisons, gage studies, histograms and survival against
//! published answers and the shared data.

#![allow(clippy::disallowed_methods, clippy::approx_constant)] // tests compare with std and with digits as printed
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use engine::proportion::Proportion;
use engine::quality::changepoints::{self, MIN_SEGMENT};
use engine::quality::commonality::{Group, Side, commonality};
use engine::quality::compare::compare;
use engine::quality::confounding::{Pattern, pair, phi, stratified};
use engine::quality::gage::anova::{POOLING_P, Source, analyse};
use engine::quality::gage::bias::linearity;
use engine::quality::gage::misclassification::{Model, guard_band_for, misclassification};
use engine::quality::gage::ranges::average_and_range;
use engine::quality::gage::study::{Reading, Study, Unusable, Verdict};
use engine::quality::histogram::{MAX_BINS, histogram};
use engine::quality::part_average;
use engine::quality::retest::{Pair, retest};
use engine::quality::survival::{Life, kaplan_meier, survival_at, weibull};
use engine::spc::capability::Limits;
use engine::stats::contingency::{Table, mantel_haenszel};
use engine::stats::normal;
use engine::stats::random::Random;
use support::{number, numbers, shared_file, shared_text};

fn close(got: f64, printed: f64, tolerance: f64, what: &str) {
    assert!((got - printed).abs() <= tolerance, "{what}: {got} against {printed}");
}

#[test]
fn one_bad_station_among_many_ranks_first() {
    let station = |key, failing, passing| Group { key, failing, passing };
    let groups = vec![
        station("S1", 5, 245),
        station("S2", 9, 51),
        station("S3", 6, 264),
        station("S4", 10, 407),
        station("S5", 0, 3),
        station("everywhere", 30, 970),
    ];
    let rows = commonality(groups, 30, 970, 5, Side::Greater, 0.95).unwrap();
    // S5 is below the minimum, "everywhere" has no comparison group.
    assert_eq!(rows.len(), 4);
    let first = &rows[0];
    assert_eq!((first.key, first.table.c, first.table.d), ("S2", 21, 919));
    close(first.p / 2.9276e-5, 1.0, 1e-4, "Fisher");
    close(first.q, first.p * 4.0, 1e-15, "q");
    close(first.lift.unwrap(), (9.0 / 60.0) / (21.0 / 940.0), 1e-12, "lift");
    let ratio = first.odds_ratio.unwrap();
    assert!(ratio.ci.low < ratio.value && ratio.value < ratio.ci.high && ratio.ci.low > 1.0);
    assert!(rows.iter().skip(1).all(|row| row.q > 0.05));
    let less = commonality(vec![station("S2", 9, 51)], 30, 970, 5, Side::Less, 0.95).unwrap();
    assert!(less[0].p > 0.99);
    assert!(commonality(vec![station("S1", 31, 0)], 30, 970, 5, Side::Greater, 0.95).is_none());
}

/// UC Berkeley admissions 1973 by department (Bickel, Hammel & O'Connell, Science 1975):
/// R's `mantelhaen.test` gives a common odds ratio 0.9046968 (0.7719074–1.0603298).
#[test]
fn mantel_haenszel_agrees_with_r() {
    let strata = [
        (512, 89, 313, 19),
        (353, 17, 207, 8),
        (120, 202, 205, 391),
        (138, 131, 279, 244),
        (53, 94, 138, 299),
        (22, 24, 351, 317),
    ]
    .map(|(a, b, c, d)| Table { a, b, c, d });
    let result = mantel_haenszel(&strata, 0.95).unwrap();
    let ratio = result.odds_ratio.unwrap();
    close(ratio.value, 0.904_696_8, 5e-8, "odds ratio");
    close(ratio.ci.low, 0.771_907_4, 5e-8, "low");
    close(ratio.ci.high, 1.060_329_8, 5e-8, "high");
    close(result.z * result.z, 1.524_6, 5e-5, "statistic without correction");
}

/// A fixture that is only used at one station looks as bad as the station; stratified by station it
/// is not.
#[test]
fn a_correlated_factor_is_detected_as_confounded() {
    // Bit 0: the bad station; bit 1: a lot that nine tenths of its runs have.
    let pattern = |members, failing, passing| Pattern { members, failing, passing };
    let patterns = [
        pattern(0b00, 20, 1980),
        pattern(0b10, 1, 99),
        pattern(0b01, 10, 40),
        pattern(0b11, 90, 360),
    ];
    assert!(phi(&patterns, 0, 1).unwrap() > 0.7);
    let apart = [pattern(0b01, 1, 9), pattern(0b10, 1, 9)];
    close(phi(&apart, 0, 1).unwrap(), -1.0, 1e-12, "never together");
    let lot = pair(&patterns, 1, 1);
    assert!(lot.fisher_greater() < 1e-20);
    let within = stratified(&patterns, 1, 0, 0.95).unwrap();
    close(within.odds_ratio.unwrap().value, 1.0, 0.01, "the lot within the station");
    let station = stratified(&patterns, 0, 1, 0.95).unwrap();
    assert!(station.odds_ratio.unwrap().ci.low > 5.0 && station.p_greater < 1e-6);
    assert!(stratified(&[pattern(0b11, 5, 5), pattern(0, 5, 5)], 0, 1, 0.95).is_none());
}

/// Annual flow of the Nile at Aswan, 1871–1970 (Cobb, Biometrika 65 (1978) 243).
const NILE: [u16; 100] = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
    799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
    701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
    864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676,
    649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923,
    975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

#[test]
fn the_nile_changed_after_1898() {
    let flow: Vec<f64> = NILE.iter().map(|x| f64::from(*x)).collect();
    close(flow.iter().sum::<f64>() / 100.0, 919.35, 1e-9, "mean");
    let found = changepoints::detect_mean_shifts(&flow);
    assert_eq!(found.len(), 1);
    let change = found[0];
    assert_eq!((change.index, change.p), (28, 0.001));
    close(change.before, 1097.75, 1e-9, "before");
    close(change.after, 849.972, 5e-4, "after");
    let ci = change.ci.unwrap();
    assert!(ci.low < change.difference && change.difference < ci.high && ci.high < 0.0);
}

#[test]
fn changes_of_rates_are_found_and_stable_series_left_alone() {
    let mut random = Random::new(11);
    let mut draw = |p: f64, n: u64| Proportion { k: random.binomial(n, p), n };
    let shifted: Vec<Proportion> =
        (0..60).map(|day| draw(if day < 37 { 0.02 } else { 0.08 }, 400)).collect();
    let found = changepoints::detect_rate_shifts(&shifted);
    assert_eq!(found.len(), 1);
    assert!((36..=38).contains(&found[0].index), "{found:?}");
    assert!(found[0].ci.unwrap().low > 0.03);
    // Type-I rate over 60 stable series of both kinds: 5 % at most, 3 expected.
    let mut false_alarms = 0;
    for _ in 0..30 {
        let stable: Vec<Proportion> = (0..30).map(|_| draw(0.05, 200)).collect();
        false_alarms += usize::from(!changepoints::detect_rate_shifts(&stable).is_empty());
    }
    let mut random = Random::new(12);
    for _ in 0..30 {
        let stable: Vec<f64> = (0..30).map(|_| random.normal()).collect();
        false_alarms += usize::from(!changepoints::detect_mean_shifts(&stable).is_empty());
    }
    assert!(false_alarms <= 8, "{false_alarms} of 60");
    assert!(changepoints::detect_mean_shifts(&[1.0; 2 * MIN_SEGMENT - 1]).is_empty());
    assert!(changepoints::detect_mean_shifts(&[7.0; 50]).is_empty());
}

/// Three sprays of R's data set `InsectSprays`; values of SciPy 1.17 (`f_oneway` with
/// unequal variances, `kruskal`).
#[test]
fn comparisons_find_the_group_that_differs() {
    let one = [10.0, 7.0, 20.0, 14.0, 14.0, 12.0, 10.0, 23.0, 17.0, 20.0, 14.0, 13.0];
    let two = [11.0, 17.0, 21.0, 11.0, 16.0, 14.0, 17.0, 17.0, 19.0, 21.0, 7.0, 13.0];
    let three = [0.0, 1.0, 7.0, 2.0, 3.0, 1.0, 2.0, 1.0, 3.0, 0.0, 1.0, 4.0];
    let result = compare(&[&one, &two, &three]);
    let welch = result.welch.unwrap();
    close(welch.f, 69.054_462_320_636_08, 1e-9, "Welch F");
    close(welch.df2, 18.828_801_806_869_027, 1e-9, "Welch df");
    close(welch.p / 2.139_115_416_958_835e-9, 1.0, 1e-9, "Welch p");
    let ranks = result.ranks.unwrap();
    close(ranks.h, 23.304_272_342_995_16, 1e-9, "H");
    close(ranks.p / 8.700_446_850_488_758e-6, 1.0, 1e-9, "p");
    assert_eq!(result.pairs.len(), 3);
    let last = result.pairs.last().unwrap();
    assert_eq!((last.first, last.second), (0, 1));
    assert!(last.p_holm > 0.2 && result.pairs[0].p_holm < 1e-4);
    assert!(result.omega_squared.unwrap() > 0.5);
    assert_eq!(result.groups[2].median, Some(1.5));
}

#[test]
fn a_retest_is_summarized_by_pairs() {
    let pair = |first, last, passed| Pair { first, last, passed };
    let pairs = [
        pair(10.0, 10.2, (false, true)),
        pair(11.0, 10.9, (true, true)),
        pair(9.5, 9.9, (false, true)),
        pair(10.4, 10.5, (false, false)),
        pair(10.1, 10.0, (true, false)),
    ];
    let result = retest(&pairs, 0.95).unwrap();
    assert_eq!(result.pairs, 5);
    // Differences 0.2, −0.1, 0.4, 0.1, −0.1: mean 0.1, s = √0.045.
    close(result.difference, 0.1, 1e-12, "mean");
    close(result.repeatability.unwrap(), (0.045_f64 / 2.0).sqrt(), 1e-12, "repeatability");
    // t(0.975, 4) = 2.7764451.
    close(result.ci.unwrap().high, 0.1 + 2.776_445_1 * (0.045_f64 / 5.0).sqrt(), 1e-7, "ci");
    let r = result.reversals;
    assert_eq!((r.pass_pass, r.pass_fail, r.fail_pass, r.fail_fail), (1, 1, 2, 1));
    assert!(retest(&[], 0.95).is_none());
}

/// Operators A, B, C; parts 1–10; 3 trials (AIAG MSA, in the shared data).
fn aiag() -> Option<Study> {
    let file = shared_file("spc/gage_rr_aiag.json")?;
    let data = &file["data"];
    let texts = |key: &str| data[key].as_array().unwrap().clone();
    let readings: Vec<Reading> = texts("part")
        .iter()
        .zip(texts("operator"))
        .zip(numbers(&data["y"]))
        .map(|((part, operator), value)| Reading {
            part: format!("{part:0>3}"),
            operator: operator.as_str().unwrap().to_owned(),
            value,
        })
        .collect();
    Some(Study::new(&readings).unwrap())
}

#[test]
fn gage_study_of_the_aiag_agrees_with_r_and_the_manual() {
    let Some(study) = aiag() else { return };
    let truth = shared_file("spc/gage_rr_aiag.json").unwrap();
    let truth = &truth["result"];
    let pooled = analyse(&study, POOLING_P);
    assert!(pooled.pooled);
    close(pooled.interaction_p.unwrap(), 0.974_106_404_329_046, 1e-12, "p of the interaction");
    let expect = &truth["without_interaction"];
    let c = pooled.components;
    close(c.repeatability, number(&expect["repeatability"]), 1e-13, "repeatability");
    close(c.operator, number(&expect["operator"]), 1e-13, "operator");
    close(c.part, number(&expect["part"]), 1e-12, "part");
    let spreads = pooled.spreads;
    close(100.0 * spreads.grr_share().unwrap(), 27.860_650_881_142_3, 1e-10, "%GRR");
    assert_eq!(spreads.distinct_categories(), Some(4));
    assert_eq!(spreads.verdict(), Some(Verdict::Conditional));
    let line = |source| *pooled.lines.iter().find(|line| line.source == source).unwrap();
    close(line(Source::Part).f.unwrap(), number(&expect["F_part"]), 1e-9, "F part");
    close(line(Source::Operator).f.unwrap(), number(&expect["F_operator"]), 1e-10, "F operator");
    close(line(Source::Total).ss, 94.647_112_222_222_2, 1e-11, "total");
    assert_eq!(line(Source::Repeatability).df, 78.0);
    let kept = analyse(&study, 1.0);
    assert!(!kept.pooled);
    let expect = &truth["with_interaction"];
    close(kept.components.part, number(&expect["part"]), 1e-12, "part, not pooled");
    close(kept.components.operator, number(&expect["operator"]), 1e-13, "operator, not pooled");
    assert_eq!(kept.components.interaction, 0.0);
    // The manual's K have four decimals.
    let ranges = average_and_range(&study).unwrap();
    close(ranges.mean_range, 0.341_666_666_666_667, 1e-12, "mean range");
    close(ranges.operator_range, 0.444_666_666_666_667, 1e-12, "operator range");
    close(ranges.part_range, 3.511_111_111_111_11, 1e-12, "part range");
    for (got, printed) in [
        (ranges.spreads.repeatability, 0.201_857),
        (ranges.spreads.reproducibility, 0.229_667),
        (ranges.spreads.grr(), 0.305_766),
        (ranges.spreads.part, 1.104_596),
        (ranges.spreads.total(), 1.146_135),
    ] {
        close(got / printed, 1.0, 2.5e-4, "average and range");
    }
    assert_eq!(ranges.spreads.distinct_categories(), Some(5));
}

/// A small crossed study by hand: 2 parts, 2 operators, 2 repeats.
#[test]
fn gage_study_by_hand() {
    let mut readings = Vec::new();
    for (part, operator, values) in [
        ("p1", "a", [1.0, 3.0]),
        ("p1", "b", [2.0, 4.0]),
        ("p2", "a", [11.0, 13.0]),
        ("p2", "b", [12.0, 14.0]),
    ] {
        for value in values {
            readings.push(Reading { part: part.into(), operator: operator.into(), value });
        }
    }
    let study = Study::new(&readings).unwrap();
    let result = analyse(&study, POOLING_P);
    // SS: parts 8·25 = 200, operators 8·0.25 = 2, interaction 0, error 4·2 = 8.
    let ss = |source| result.lines.iter().find(|line| line.source == source).unwrap().ss;
    close(ss(Source::Part), 200.0, 1e-12, "parts");
    close(ss(Source::Operator), 2.0, 1e-12, "operators");
    close(ss(Source::Repeatability), 8.0, 1e-12, "error, pooled");
    assert!(result.pooled);
    // MS_E = 8/5: part (200 − 1.6)/4.
    close(result.components.part, 49.6, 1e-12, "part");
    readings.pop();
    assert_eq!(Study::new(&readings), Err(Unusable::Unbalanced));
    assert_eq!(Study::new(&[]), Err(Unusable::TooFewParts));
}

#[test]
fn linearity_agrees_with_jasp() {
    let text = shared_text("spc/jasp/datasets/msaLinearity.csv")
        .or_else(|| shared_text("spc/jasp/datasets/msaLinearityStudy/msaLinearity.csv"));
    let Some(text) = text else { return };
    let readings: Vec<(f64, f64)> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split(',').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        })
        .collect();
    let result = linearity(&readings, 0.95).unwrap();
    close(result.mean_bias, -0.053_333_333_333_333_4, 1e-12, "mean bias");
    let line = result.line.unwrap();
    close(line.intercept, 0.736_666_666_666_666, 1e-12, "intercept");
    close(line.slope, -0.131_666_666_666_667, 1e-12, "slope");
    close(line.intercept_se, 0.072_524_272_591_612_5, 1e-12, "se");
    close(line.slope_se, 0.010_933_445_471_810_7, 1e-12, "se");
    close(line.residual_sd, 0.239_539_788_646_537, 1e-12, "residual");
    close(line.r_squared, 0.714_318_415_932_242, 1e-12, "R²");
    for (level, (bias, p)) in result.levels.iter().zip([
        (0.491_666_666_666_667, 2.872_333_104_442_84e-8),
        (0.125, 0.353_991_325_267_683),
        (0.025, 0.667_130_710_762_814),
        (-0.291_666_666_666_667, 6.419_480_505_543_58e-7),
    ]) {
        close(level.bias, bias, 1e-12, "bias");
        close(level.p.unwrap() / p, 1.0, 1e-9, "p");
    }
}

#[test]
fn misclassification_agrees_with_a_simulation() {
    let model = Model { mean: 10.0, part: 1.0, grr: 0.3 };
    let limits = Limits { low: Some(8.0), high: Some(12.5), target: None };
    let exact = misclassification(model, limits, 0.0).unwrap();
    close(exact.bad, normal::cdf(-2.0) + normal::sf(2.5), 1e-15, "bad");
    let mut random = Random::new(9);
    let (mut rejects, mut accepts) = (0, 0);
    const UNITS: u32 = 400_000;
    for _ in 0..UNITS {
        let truth = model.mean + model.part * random.normal();
        let reading = truth + model.grr * random.normal();
        let is_good = (8.0..=12.5).contains(&truth);
        let is_accepted = (8.0..=12.5).contains(&reading);
        rejects += u32::from(is_good && !is_accepted);
        accepts += u32::from(!is_good && is_accepted);
    }
    let error = |p: f64| 4.0 * (p / f64::from(UNITS)).sqrt();
    let [rejects, accepts] = [rejects, accepts].map(|count| f64::from(count) / f64::from(UNITS));
    close(rejects, exact.false_reject, error(exact.false_reject), "false rejects");
    close(accepts, exact.false_accept, error(exact.false_accept), "false accepts");
    let guarded = misclassification(model, limits, 0.3).unwrap();
    assert!(guarded.false_accept < exact.false_accept / 3.0);
    assert!(guarded.false_reject > exact.false_reject);
    let guard = guard_band_for(model, limits, 100e-6).unwrap();
    let at = misclassification(model, limits, guard).unwrap();
    close(at.false_accept, 100e-6, 1e-9, "the guard band reaches its target");
}

#[test]
fn histograms_follow_freedman_and_diaconis() {
    let values: Vec<f64> =
        (0..1_000).map(|i| normal::quantile((f64::from(i) + 0.5) / 1_000.0)).collect();
    let result = histogram(&values).unwrap();
    assert_eq!(result.edges[0], values[0]);
    close(result.edges[1] - result.edges[0], 2.0 * 1.3475 / 10.0, 1e-3, "width");
    assert_eq!(result.counts.iter().sum::<u64>(), 1_000);
    assert!(!result.is_log && *result.edges.last().unwrap() >= values[999]);
    let area: f64 =
        result.density.windows(2).map(|w| (w[1].0 - w[0].0) * (w[0].1 + w[1].1) / 2.0).sum();
    close(area, 1.0, 2e-3, "area of the density");
    let peak = result.density.iter().map(|point| point.1).fold(0.0, f64::max);
    close(peak, 0.3989, 0.02, "peak of the density");
    // IQR 0: range/√n.
    let mut spike = vec![1.0; 99];
    spike.push(2.0);
    let result = histogram(&spike).unwrap();
    close(result.edges[1] - result.edges[0], 0.1, 1e-12, "width without IQR");
    // A far outlier is not cut off.
    let mut far = values;
    far.push(1e6);
    let result = histogram(&far).unwrap();
    assert_eq!(result.counts.len(), MAX_BINS);
    assert_eq!(result.counts.iter().sum::<u64>(), 1_001);
    let decades: Vec<f64> = (0..40).map(|i| 10_f64.powi(i / 8)).collect();
    let result = histogram(&decades).unwrap();
    assert!(result.is_log);
    assert_eq!(result.counts.iter().sum::<u64>(), 40);
    let constant = histogram(&[2.0, 2.0]).unwrap();
    assert_eq!((constant.edges, constant.counts), (vec![2.0, 2.0], vec![2]));
    assert!(histogram(&[f64::NAN]).is_none());
}

#[test]
fn part_average_limits_catch_what_mean_and_sigma_miss() {
    let ascending = [0.98, 0.99, 1.0, 1.0, 1.0, 1.01, 1.01, 1.02, 1.03, 1.35];
    let limits = part_average::limits(&ascending).unwrap();
    assert!(1.35 > limits.high && 0.98 > limits.low);
    assert!(part_average::limits(&[1.0; 10]).is_none());
}

/// Remission of leukaemia patients under 6-MP (Freireich 1963; Kalbfleisch & Prentice):
/// the textbook's product-limit estimates.
#[test]
fn survival_agrees_with_the_textbook() {
    let life = |time: f64, failed| Life { time, failed };
    let failed = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|t| life(t, true));
    let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0]
        .map(|t| life(t, false));
    let lives: Vec<Life> = failed.into_iter().chain(censored).collect();
    let steps = kaplan_meier(&lives, 0.95).unwrap();
    for (step, (time, survival)) in steps.iter().zip([
        (6.0, 0.857),
        (7.0, 0.807),
        (10.0, 0.753),
        (13.0, 0.690),
        (16.0, 0.627),
        (22.0, 0.538),
        (23.0, 0.448),
    ]) {
        assert_eq!(step.time, time);
        close(step.survival, survival, 5.1e-4, "S");
        let ci = step.ci.unwrap();
        assert!(ci.low < step.survival && step.survival < ci.high);
    }
    close(survival_at(&steps, 5.0), 1.0, 0.0, "before the first failure");
    // R: survreg of these data gives scale 0.7386, intercept 3.519.
    let fit = weibull(&lives).unwrap();
    close(1.0 / fit.shape, 0.7386, 5.1e-4, "1/shape");
    close(fit.scale.ln(), 3.519, 1e-3, "ln scale");
    assert!(weibull(&lives[..1]).is_none());
}
