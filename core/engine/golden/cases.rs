// The golden cases: every public numeric function over a spread of arguments.
//
// Included by `tests/golden.rs` (host) and `examples/golden.rs` (wasm32), so that both
// sides compute the same list. No case may be NaN: its bits are not fixed on wasm32.

#[path = "quality.rs"]
mod quality;

use engine::difference::difference;
use engine::metrics::{defects, pareto, retest, rty};
use engine::proportion::{Method, Proportion, interval};
use engine::stats::{beta, gamma, normal};

/// A case: a unique name, and the computed value.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) value: f64,
}

/// All cases, always in the same order.
pub(crate) fn cases() -> Vec<Case> {
    let mut list = List(Vec::new());
    normal_cases(&mut list);
    gamma_cases(&mut list);
    beta_cases(&mut list);
    interval_cases(&mut list);
    difference_cases(&mut list);
    metric_cases(&mut list);
    quality::add(&mut list);
    list.0
}

struct List(Vec<Case>);

impl List {
    fn add(&mut self, name: String, value: f64) {
        self.0.push(Case { name, value });
    }

    /// Adds a case; one without a value is omitted, on the host and in wasm32 alike.
    fn add_known(&mut self, name: String, value: Option<f64>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }
}

fn normal_cases(list: &mut List) {
    for z in [
        -40.0,
        -38.2,
        -37.5,
        -30.0,
        -20.1,
        -12.3,
        -8.5,
        -6.7,
        -5.0,
        -4.2,
        -3.3,
        -2.575,
        -1.96,
        -1.0,
        -0.84,
        -0.5,
        -0.1,
        -1e-3,
        -1e-10,
        0.0,
        1e-8,
        0.025,
        0.3,
        0.7,
        1.1,
        1.645,
        2.2,
        3.1,
        4.9,
        7.7,
        8.29,
        9.0,
        f64::NEG_INFINITY,
        f64::INFINITY,
    ] {
        list.add(format!("normal.cdf({z})"), normal::cdf(z));
        list.add(format!("normal.sf({z})"), normal::sf(z));
    }
    for p in [
        0.0,
        5e-324,
        1e-310,
        1e-300,
        3e-200,
        1e-100,
        2e-50,
        1e-30,
        1.4e-11,
        1e-11,
        1e-9,
        3.4e-6,
        1e-4,
        0.00621,
        0.0249,
        0.05,
        0.0749,
        0.0751,
        0.1,
        0.2,
        0.31,
        0.4999,
        0.5,
        0.501,
        0.6,
        0.77,
        0.9249,
        0.9251,
        0.95,
        0.975,
        0.99,
        0.995,
        0.9995,
        0.999_999,
        1.0 - 1e-12,
        1.0,
    ] {
        list.add(format!("normal.quantile({p})"), normal::quantile(p));
    }
}

fn gamma_cases(list: &mut List) {
    let arguments =
        [1e-6, 0.1, 0.5, 0.999, 1.0, 1.5, 2.0, 3.7, 10.0, 11.5, 12.5, 99.0, 1e4, 3.3e7, 1e12];
    for x in arguments {
        list.add(format!("gamma.ln_gamma({x})"), gamma::ln_gamma(x));
    }
    for a in arguments {
        for b in [0.5, 2.25, 40.0, 1e6] {
            list.add(format!("gamma.ln_beta({a}, {b})"), gamma::ln_beta(a, b));
        }
    }
}

fn beta_cases(list: &mut List) {
    let shapes = [
        (0.5, 0.5),
        (0.5, 20.0),
        (0.7, 3e5),
        (1.0, 1.0),
        (1.0, 300.0),
        (2.0, 3.0),
        (3.0, 2000.0),
        (5.0, 1.0),
        (30.0, 3.0),
        (64.81, 139.134),
        (99.5, 250.0),
        (100.0, 100.0),
        (500.0, 2.0),
        (101.0, 1e6),
        (1463.0, 104.0),
        (1e4, 1e4),
        (2.5e6, 7.5e6),
        (1e7, 1e7),
    ];
    for (a, b) in shapes {
        for p in [1e-12, 1e-6, 0.005, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999_999, 1.0 - 1e-12] {
            list.add(format!("beta.quantile({p}, {a}, {b})"), beta::quantile(p, a, b));
        }
        for q in [1e-12, 0.001, 0.025] {
            list.add(format!("beta.upper_quantile({q}, {a}, {b})"), beta::upper_quantile(q, a, b));
        }
        let mean = a / (a + b);
        for x in [0.5 * mean, 0.99 * mean, mean, 0.5 * (1.0 + mean)] {
            list.add(format!("beta.cdf({x}, {a}, {b})"), beta::cdf(x, a, b));
            list.add(format!("beta.sf({x}, {a}, {b})"), beta::sf(x, a, b));
        }
    }
}

fn interval_cases(list: &mut List) {
    let counts = [
        (0, 1),
        (1, 1),
        (0, 10),
        (3, 10),
        (10, 10),
        (4, 20),
        (2, 29),
        (3, 50),
        (95, 100),
        (81, 263),
        (0, 300),
        (996, 1000),
        (1463, 1567),
        (99_999, 100_000),
        (5_000_000, 10_000_000),
        (12_345_678_901, 12_345_678_999),
    ];
    for (k, n) in counts {
        for method in Method::ALL {
            for level in [0.5, 0.9, 0.95, 0.99, 0.9999] {
                let ends = interval(k, n, method, level);
                list.add_known(format!("{method}({k}/{n}, {level}).low"), ends.map(|ci| ci.low));
                list.add_known(format!("{method}({k}/{n}, {level}).high"), ends.map(|ci| ci.high));
            }
        }
    }
}

fn difference_cases(list: &mut List) {
    let counts = [
        ((56, 70), (48, 80)),
        ((9, 10), (3, 10)),
        ((6, 7), (2, 7)),
        ((5, 56), (0, 29)),
        ((0, 10), (0, 20)),
        ((10, 10), (0, 20)),
        ((98_700, 100_000), (98_500, 100_000)),
    ];
    for ((k1, n1), (k2, n2)) in counts {
        let (now, before) = (Proportion { k: k1, n: n1 }, Proportion { k: k2, n: n2 });
        for level in [0.9, 0.95, 0.99] {
            let name = |part| format!("difference({k1}/{n1}, {k2}/{n2}, {level}).{part}");
            let result = difference(now, before, level);
            list.add_known(name("estimate"), result.map(|d| d.estimate));
            list.add_known(name("low"), result.map(|d| d.low));
            list.add_known(name("high"), result.map(|d| d.high));
        }
    }
}

fn metric_cases(list: &mut List) {
    for (operations, n) in [
        (&[98, 95, 99][..], 100),
        (&[100, 100], 100),
        (&[0, 95, 99], 100),
        (&[999, 987, 1000, 951, 998, 1000, 993], 1000),
    ] {
        let operations: Vec<_> = operations.iter().map(|&k| Proportion { k, n }).collect();
        for level in [0.9, 0.95, 0.99] {
            let ks: Vec<_> = operations.iter().map(|operation| operation.k).collect();
            let name = |part| format!("rty({ks:?} of {n}, {level}).{part}");
            let result = rty::rty(&operations, level);
            list.add_known(name("value"), result.map(|rty| rty.value));
            list.add_known(name("low"), result.map(|rty| rty.low));
            list.add_known(name("high"), result.map(|rty| rty.high));
        }
    }
    for (some, all) in [(0, 7), (1, 3), (2, 7), (20, 1915), (17, 1_000_003)] {
        list.add_known(format!("dpu({some}, {all})"), defects::dpu(some, all));
        list.add_known(format!("dpo({some}, {all})"), defects::dpo(some, all));
        list.add_known(format!("dpmo({some}, {all})"), defects::dpmo(some, all));
        list.add_known(format!("ppm({some}, {all})"), defects::ppm(some, all));
        list.add_known(format!("retested_units({some}, {all})"), retest::retested_units(some, all));
        list.add_known(
            format!("retest_ratio({}, {all})", some + all),
            retest::retest_ratio(some + all, all),
        );
        let ntf = retest::no_trouble_found(some, some + 1, all);
        list.add_known(
            format!("no_trouble_found({some}, {}, {all}).of_episodes", some + 1),
            ntf.of_episodes,
        );
        list.add_known(
            format!("no_trouble_found({some}, {}, {all}).of_resolved", some + 1),
            ntf.of_resolved,
        );
    }
    for dpu in [0.0, 1e-9, 0.02, 0.08, 0.7, 3.0, 50.0, 800.0] {
        list.add_known(format!("throughput_yield({dpu})"), defects::throughput_yield(dpu));
    }
    for dpmo in [1e-3, 3.4, 233.0, 6210.0, 66_807.0, 308_538.0, 500_000.0, 933_193.0, 999_999.9] {
        list.add_known(format!("sigma_level({dpmo})"), defects::sigma_level(dpmo));
    }
    let counts = [("A", 7), ("B", 1), ("C", 7), ("D", 3), ("E", 23)]
        .map(|(key, runs)| pareto::Count { key, units: runs, runs });
    if let Some(pareto) = pareto::pareto(counts.to_vec(), pareto::Population::OneKeyPerRun) {
        for row in pareto.rows {
            list.add(format!("pareto.{}.share", row.key), row.share);
            list.add_known(format!("pareto.{}.cumulative", row.key), row.cumulative);
        }
    }
}
