// The golden cases of distributions, process control and root-cause statistics.

use super::List;
use engine::proportion::Proportion;
use engine::quality::gage::anova::analyse;
use engine::quality::gage::misclassification::{Model, misclassification};
use engine::quality::gage::ranges::average_and_range;
use engine::quality::gage::study::{Reading, Study};
use engine::quality::survival::{Life, kaplan_meier, weibull};
use engine::quality::{changepoints, commonality, compare, confounding, histogram, retest};
use engine::spc::capability::{Limits, capability, non_normal};
use engine::spc::constants::{Precision, constants};
use engine::spc::rules::Rules;
use engine::spc::within::{Estimator, within};
use engine::spc::{arl, attributes, cusum, ewma, laney, variables};
use engine::stats::contingency::{Table, mantel_haenszel};
use engine::stats::families::fit_all;
use engine::stats::hypergeometric::{Draw, upper_tail};
use engine::stats::random::Random;
use engine::stats::{
    anderson_darling, binomial, chi_square, f_distribution, linear_regression, poisson, quantiles,
    student_t,
};

pub(super) fn add(list: &mut List) {
    distributions(list);
    contingency(list);
    let mut random = Random::new(20);
    let values: Vec<f64> = (0..120).map(|_| 10.0 + 0.5 * random.normal()).collect();
    samples(list, &values);
    control(list, &values);
    root_cause(list, &values);
    gage(list, &mut random);
    survival(list, &mut random);
}

fn distributions(list: &mut List) {
    for df in [0.5, 1.0, 3.0, 10.0, 124.0, 250.0, 1e5] {
        for x in [1e-6, 0.3, 1.0, 7.5, 120.0, 260.0, 1e5] {
            list.add(format!("chi_square.cdf({x}, {df})"), chi_square::cdf(x, df));
            list.add(format!("chi_square.sf({x}, {df})"), chi_square::sf(x, df));
            list.add(format!("student_t.sf({x}, {df})"), student_t::sf(x, df));
            list.add(format!("f.sf({x}, 3, {df})"), f_distribution::sf(x, 3.0, df));
        }
        for p in [1e-9, 0.025, 0.5, 0.9, 0.999] {
            list.add(format!("chi_square.quantile({p}, {df})"), chi_square::quantile(p, df));
            list.add(format!("student_t.quantile({p}, {df})"), student_t::upper_quantile(p, df));
            list.add(
                format!("f.quantile({p}, 4, {df})"),
                f_distribution::upper_quantile(p, 4.0, df),
            );
        }
    }
    for (k, n, p) in [(0, 10, 0.1), (3, 10, 0.1), (50, 1_000, 0.07), (80_000, 1_000_000, 0.08)] {
        list.add(format!("binomial.pmf({k}, {n}, {p})"), binomial::pmf(k, n, p));
        list.add(format!("binomial.upper({k}, {n}, {p})"), binomial::upper_tail(k, n, p));
        list.add(format!("poisson.sf({k}, {})", p * 100.0), poisson::sf(k, p * 100.0));
    }
}

fn contingency(list: &mut List) {
    for (a, b, c, d) in [(3, 1, 1, 3), (9, 51, 21, 919), (200, 7, 8, 300), (40, 10_000, 60, 90_000)]
    {
        let table = Table { a, b, c, d };
        let name = |part| format!("table({a}, {b}, {c}, {d}).{part}");
        list.add(name("greater"), table.fisher_greater());
        list.add(name("less"), table.fisher_less());
        list.add_known(name("odds"), table.odds_ratio());
        list.add_known(name("low"), table.odds_ratio_ci(0.95).map(|ci| ci.low));
        list.add_known(name("v"), table.cramers_v());
        let strata = [table, Table { a: a + 2, b, c, d: d + 5 }];
        if let Some(result) = mantel_haenszel(&strata, 0.95) {
            list.add(name("mh.p"), result.p_greater);
            list.add_known(name("mh.high"), result.odds_ratio.map(|ratio| ratio.ci.high));
        }
    }
    let draw = Draw { population: 1_649, marked: 1_247, drawn: 268 };
    list.add("hypergeometric.upper(186)".into(), upper_tail(186, draw));
}

fn samples(list: &mut List, values: &[f64]) {
    let ascending = quantiles::sorted(values);
    for p in [0.001_35, 0.25, 0.5, 0.99] {
        list.add_known(format!("sample.quantile({p})"), quantiles::quantile(&ascending, p));
    }
    if let Some(test) = anderson_darling::normality(values) {
        list.add("sample.a2".into(), test.a2);
        list.add("sample.p".into(), test.p);
    }
    for fit in fit_all(values) {
        list.add(format!("sample.{}.a2", fit.family), fit.test.a2);
        list.add(format!("sample.{}.p", fit.family), fit.test.p);
        list.add(format!("sample.{}.q999", fit.family), fit.family.quantile(0.999));
    }
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().map(|(i, y)| (f64::from(i as u32), *y)).collect();
    if let Some(line) = linear_regression::fit(&points) {
        list.add("sample.slope".into(), line.slope);
        list.add("sample.slope_p".into(), line.slope_p);
    }
    let limits = Limits { low: Some(8.4), high: Some(11.8), target: None };
    let result = non_normal(&ascending, &fit_all(values), limits);
    list.add_known("sample.ppk".into(), result.map(|result| result.ppk));
}

fn control(list: &mut List, values: &[f64]) {
    for n in [2, 3, 5, 9, 25, 100] {
        for precision in [Precision::Exact, Precision::Published] {
            if let Some(known) = constants(n, precision) {
                list.add(format!("constants({n}, {precision:?}).d2"), known.d2);
                list.add(format!("constants({n}, {precision:?}).d3"), known.d3);
                list.add(format!("constants({n}, {precision:?}).c4"), known.c4);
            }
        }
    }
    let groups: Vec<&[f64]> = values.chunks(5).collect();
    let limits = Limits { low: Some(8.4), high: Some(11.8), target: Some(10.1) };
    for estimator in Estimator::ALL {
        let Some(sigma) = within(&groups, estimator, Precision::Exact) else { continue };
        list.add(format!("within.{estimator}"), sigma.sigma);
        let Some(result) = capability(values, Some(sigma), limits, 0.95) else { continue };
        list.add_known(format!("{estimator}.cp"), result.within.both.map(|index| index.value));
        let ci = |index: Option<engine::spc::capability::Index>| index.and_then(|index| index.ci);
        list.add_known(format!("{estimator}.cp.low"), ci(result.within.both).map(|ci| ci.low));
        list.add_known(format!("{estimator}.cpk.high"), ci(result.within.least).map(|ci| ci.high));
        list.add_known(format!("{estimator}.cpm.low"), ci(result.cpm).map(|ci| ci.low));
        list.add_known(format!("{estimator}.ppm"), result.within.ppm_above);
    }
    let sizes = vec![5; groups.len()];
    let exact = Precision::Exact;
    if let Some(baseline) = variables::baseline(&groups, Estimator::Range, exact) {
        let chart = variables::chart(variables::Kind::MeanRange, &groups, baseline, exact);
        let means: Vec<f64> = chart.main.iter().map(|point| point.value).collect();
        let point = |list: &mut List, name: &str, point: engine::spc::Point| {
            list.add(format!("{name}.value"), point.value);
            list.add(format!("{name}.lower"), point.lower);
            list.add(format!("{name}.upper"), point.upper);
        };
        point(list, "xbar", chart.main[3]);
        if let Some(spread) = chart.spread[3] {
            point(list, "range", spread);
        }
        if let Some(points) = ewma::chart(&means, &sizes, baseline, ewma::Ewma::default()) {
            point(list, "ewma", points[7]);
        }
        if let Some(sums) = cusum::chart(&means, &sizes, baseline, cusum::Cusum::default()) {
            list.add("cusum.upper".into(), sums[9].upper);
            list.add("cusum.decision".into(), sums[9].decision);
        }
    }
    let counts: Vec<attributes::Count> =
        (0..20).map(|i| attributes::Count { k: 3 + i * 7 % 5, n: 90 + i }).collect();
    for kind in
        [attributes::Kind::P, attributes::Kind::Np, attributes::Kind::C, attributes::Kind::U]
    {
        let Some(rate) = attributes::rate(kind, &counts) else { continue };
        list.add(format!("{kind:?}.upper"), attributes::chart(kind, &counts, rate)[4].upper);
        let test = attributes::dispersion(kind, &counts);
        list.add_known(format!("{kind:?}.dispersion"), test.map(|test| test.p));
        let sigma_z = laney::sigma_z(kind, &counts, rate, exact);
        list.add_known(format!("{kind:?}.sigma_z"), sigma_z);
    }
    list.add("arl.western".into(), arl::shewhart_false_alarms(&Rules::WesternElectric));
    list.add("arl.cusum".into(), arl::cusum(cusum::Cusum::default(), 0.0));
    list.add("arl.ewma".into(), arl::ewma(ewma::Ewma::default(), 0.5));
}

fn root_cause(list: &mut List, values: &[f64]) {
    let mut shifted = values.to_vec();
    shifted[70..].iter_mut().for_each(|x| *x += 0.6);
    for (i, change) in changepoints::detect_mean_shifts(&shifted).into_iter().enumerate() {
        list.add(format!("change[{i}].index"), f64::from(change.index as u32));
        list.add(format!("change[{i}].p"), change.p);
        list.add_known(format!("change[{i}].low"), change.ci.map(|ci| ci.low));
    }
    let rates: Vec<Proportion> =
        (0..40).map(|i| Proportion { k: 4 + i % 3 + if i < 25 { 0 } else { 9 }, n: 150 }).collect();
    for (i, change) in changepoints::detect_rate_shifts(&rates).into_iter().enumerate() {
        list.add(format!("rate_change[{i}].index"), f64::from(change.index as u32));
        list.add(format!("rate_change[{i}].difference"), change.difference);
    }
    let groups = (1..=6_u64)
        .map(|key| commonality::Group { key, failing: key * key % 7, passing: 20 + 9 * key })
        .collect();
    let side = commonality::Side::Greater;
    for row in commonality::commonality(groups, 40, 900, 5, side, 0.95).unwrap_or_default() {
        list.add(format!("commonality({}).p", row.key), row.p);
        list.add(format!("commonality({}).q", row.key), row.q);
    }
    let patterns: Vec<confounding::Pattern> = (0..4_u32)
        .map(|members| confounding::Pattern {
            members,
            failing: u64::from(3 + members * 5),
            passing: u64::from(100 + members * 30 % 70),
        })
        .collect();
    list.add_known("confounding.v".into(), confounding::phi(&patterns, 0, 1));
    let result = confounding::stratified(&patterns, 0, 1, 0.95);
    list.add_known("confounding.p".into(), result.map(|result| result.p_greater));
    let thirds: Vec<&[f64]> = shifted.chunks(40).collect();
    let result = compare::compare(&thirds);
    list.add_known("compare.welch.p".into(), result.welch.map(|test| test.p));
    list.add_known("compare.ranks.p".into(), result.ranks.map(|test| test.p));
    list.add_known("compare.omega".into(), result.omega_squared);
    for pair in result.pairs {
        list.add(format!("compare({}, {}).holm", pair.first, pair.second), pair.p_holm);
    }
    if let Some(result) = histogram::histogram(values) {
        list.add("histogram.edge".into(), result.edges[3]);
        list.add("histogram.density".into(), result.density[40].1);
    }
    let pairs: Vec<retest::Pair> = values
        .chunks_exact(2)
        .map(|pair| retest::Pair { first: pair[0], last: pair[1], passed: (true, true) })
        .collect();
    if let Some(result) = retest::retest(&pairs, 0.95) {
        list.add_known("retest.high".into(), result.ci.map(|ci| ci.high));
        list.add_known("retest.p".into(), result.p);
    }
}

fn gage(list: &mut List, random: &mut Random) {
    let mut readings = Vec::new();
    for part in 0..8_u32 {
        for operator in 0..3_u32 {
            for _ in 0..2 {
                let value = f64::from(part) + 0.1 * f64::from(operator) + 0.2 * random.normal();
                readings.push(Reading {
                    part: part.to_string(),
                    operator: operator.to_string(),
                    value,
                });
            }
        }
    }
    let Ok(study) = Study::new(&readings) else { return };
    let result = analyse(&study, 0.25);
    list.add("gage.grr".into(), result.spreads.grr());
    list.add("gage.part".into(), result.spreads.part);
    list.add_known("gage.interaction_p".into(), result.interaction_p);
    let ranges = average_and_range(&study);
    list.add_known("gage.ranges.grr".into(), ranges.map(|ranges| ranges.spreads.grr()));
    let model = Model { mean: 4.0, part: 2.3, grr: 0.25 };
    let limits = Limits { low: Some(0.0), high: Some(7.5), target: None };
    if let Some(result) = misclassification(model, limits, 0.1) {
        list.add("gage.false_reject".into(), result.false_reject);
        list.add("gage.false_accept".into(), result.false_accept);
    }
}

fn survival(list: &mut List, random: &mut Random) {
    let lives: Vec<Life> = (0..40)
        .map(|i| Life { time: (0.1 + random.uniform()) * 100.0, failed: i % 3 != 0 })
        .collect();
    if let Some(fit) = weibull(&lives) {
        list.add("survival.shape".into(), fit.shape);
        list.add("survival.scale".into(), fit.scale);
    }
    if let Some(step) = kaplan_meier(&lives, 0.95).and_then(|steps| steps.get(9).copied()) {
        list.add("survival.s".into(), step.survival);
        list.add_known("survival.low".into(), step.ci.map(|ci| ci.low));
    }
}
