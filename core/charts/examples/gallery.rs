//! Renders every chart in a few states as one page for visual inspection:
//! `cargo run -p charts --example gallery > /tmp/gallery.html`.

use charts::timeline::{Kind, Lane, Mark};
use charts::{Figure, Palette, bars, export, interval, pareto, spark, timeline, trend};
use domain::{Outcome, Timestamp};

const STYLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../style/main.css");
const WIDTHS: [u32; 3] = [240, 480, 1000];

fn main() {
    println!(
        "<!doctype html><meta charset=\"utf-8\"><title>Charts</title><link rel=\"stylesheet\" href=\"file://{STYLE}\"><main class=\"card\">"
    );
    for width in WIDTHS {
        println!("<h2>{width} pixels</h2>");
        trends(width);
        lengths(width);
        paretos(width);
        timelines(width);
    }
    println!("<h2>Sparklines, signs, a file</h2>");
    small();
    let file = pareto::render(&codes(9), 5, WORDS, 480, Palette::Fixed);
    let note =
        "n = 1 204 units, first run of each unit, aborted runs counted; as of 2026-03-02 07:15 UTC";
    show(&export::file(&file, "Which failures cost most runs?", note));
    println!("</main>");
}

fn show(svg: &str) {
    println!("<div class=\"chart\">{svg}</div>");
}

/// Deterministic pseudo-random numbers from 0 to 1.
fn noise(seed: u32) -> f64 {
    let mixed = seed.wrapping_mul(2_654_435_761);
    f64::from((mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 8) / f64::from(1 << 24)
}

fn weeks(count: u32, level: f64, gaps: bool) -> Vec<trend::Point> {
    let point = |i: u32| {
        let value = (level + (noise(i) - 0.5) * 0.04).clamp(0.0, 1.0);
        let half = 0.01 + 0.02 * noise(i + 99);
        let (low, high) = ((value - half).max(0.0), (value + half * 0.8).min(1.0));
        let figure = (!gaps || i % 7 < 4 || i % 7 == 5).then_some(Figure { value, low, high });
        let key = format!("2026-{:02}-{:02}", i / 28 % 12 + 1, i % 28 + 1);
        let n = u64::from(i * 37 % 50) * u64::from(figure.is_some());
        trend::Point { title: format!("{key}: …"), key, figure, n }
    };
    (0..count).map(point).collect()
}

fn trends(width: u32) {
    let axes = trend::Axes {
        across: "Day of the site",
        up: "First-pass yield with 95 % interval",
        n: "Units",
    };
    for (count, level, gaps) in
        [(30, 0.95, true), (1, 0.985, false), (5, 0.03, false), (1000, 0.7, false)]
    {
        show(&trend::render(&weeks(count, level, gaps), axes, width, Palette::Page));
    }
}

fn lengths(width: u32) {
    let row = |(label, value, link): (&str, f64, bool)| bars::Row {
        label: label.into(),
        value,
        text: format!("{:.1} % of {} units", value * 100.0, 1200),
        title: format!("{label}: …"),
        href: link.then(|| "#".to_owned()),
    };
    let rows = [
        ("ST-17 L10 node burn-in, left", 0.31, true),
        ("ST-04", 0.12, true),
        ("ST-05", 0.118, false),
        ("燒機測試 2", 0.004, true),
        ("ST-09", 0.0, false),
    ];
    show(&bars::render(&rows.map(row), "Fraction of first runs that failed", width, Palette::Page));
    let figure = Figure { value: 0.91, low: 0.86, high: 0.95 };
    let row = interval::Row {
        label: "L10 node".into(),
        figure: Some(figure),
        title: String::new(),
        href: None,
        n: Some(1204),
        muted: false,
    };
    let back = interval::Row { muted: true, ..row.clone() };
    show(&interval::render(
        &[row, back],
        "First-pass yield with 95 % interval",
        width,
        Palette::Page,
    ));
}

const WORDS: pareto::Words<'_> =
    pareto::Words { axis: "Share of failing runs; dots: cumulative", key: "code", keys: "codes" };

fn codes(count: u32) -> Vec<pareto::Row> {
    let runs = |i: u32| u64::from(4000 / (i + 1) / (i + 2) + 1);
    let total: u64 = (0..count).map(runs).sum();
    let row = |i: u32| {
        let names = [
            "NVLINK_TRAINING_TIMEOUT",
            "GPU_MEM_ECC_DBE",
            "FAN-7",
            "PSU_RIPPLE",
            "THERMAL_THROTTLE_AT_FULL_LOAD",
        ];
        let key = format!("{}_{i}", names[i as usize % names.len()]);
        pareto::Row {
            title: format!("{key}: …"),
            key,
            runs: runs(i),
            units: Some(runs(i) - runs(i) / 5),
            share: runs(i) as f64 / total as f64,
            cumulative: Some((0..=i).map(runs).sum::<u64>() as f64 / total as f64),
            href: i.is_multiple_of(2).then(|| "#".to_owned()),
            muted: i % 3 == 2,
        }
    };
    (0..count).map(row).collect()
}

fn paretos(width: u32) {
    show(&pareto::render(&codes(40), 8, WORDS, width, Palette::Page));
    let mut steps = codes(4);
    steps.iter_mut().for_each(|row| row.cumulative = None);
    let words = pareto::Words {
        axis: "Share of failing runs in which the step failed",
        key: "step",
        keys: "steps",
    };
    show(&pareto::render(&steps, 3, words, width, Palette::Page));
}

fn timelines(width: u32) {
    let mark = |hours: f64, kind: Kind| Mark {
        at: Timestamp::from_micros(1_772_323_200_000_000 + (hours * 3.6e9) as i64)
            .unwrap_or(Timestamp::MIN),
        kind,
        title: format!("{kind:?}"),
        href: (hours > 20.0).then(|| "#".to_owned()),
    };
    let run = |hours: f64, outcome| mark(hours, Kind::Run(outcome));
    for stretch in [0.01, 1.0, 60.0] {
        let run = |hours: f64, outcome| run(hours * stretch, outcome);
        let lanes = [
            Lane { label: "L6 board test".into(), marks: vec![run(0.0, Outcome::Pass)] },
            Lane {
                label: "L10 node burn-in".into(),
                marks: vec![
                    run(5.0, Outcome::Fail),
                    run(5.6, Outcome::Timeout),
                    run(7.5, Outcome::Aborted),
                    run(20.0, Outcome::Pass),
                ],
            },
            Lane {
                label: "L11 rack".into(),
                marks: vec![
                    run(26.0, Outcome::Error),
                    run(30.0, Outcome::Skip),
                    run(31.0, Outcome::Pass),
                ],
            },
            Lane { label: "Repairs".into(), marks: vec![mark(12.0 * stretch, Kind::Repair)] },
        ];
        show(&timeline::render(
            &lanes,
            &charts::Clock::fixed(480),
            "Time, UTC+08:00",
            width,
            Palette::Page,
        ));
    }
}

fn small() {
    println!("<p>");
    for count in [1, 2, 12, 300] {
        let values: Vec<_> =
            (0..count).map(|i| (i % 9 != 6).then(|| 0.9 + noise(i) * 0.08)).collect();
        let svg = spark::render(&values, None, "Yield", spark::SIZE, Palette::Page);
        println!("{count} weeks <span class=\"chart spark\">{svg}</span> ");
    }
    for outcome in Outcome::ALL {
        let sign = timeline::symbol(Kind::Run(*outcome), Palette::Page);
        println!("<span class=\"chart spark\">{sign}</span> {outcome:?} ");
    }
    let sign = timeline::symbol(Kind::Repair, Palette::Page);
    println!("<span class=\"chart spark\">{sign}</span> repair</p>");
}
