//! Update time of linked charts over a million runs: the explorer, against a full recount and
//! against a kernel written by hand for this task. `cargo bench -p engine`
//!
//! The task is that of docs/performance.md: FPY by day, by station, Pareto by code and a histogram
//! of durations, each under every filter but its own, when another 60 of 200 stations are selected
//! (T1a) or one is toggled (T1b).

mod factory;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use domain::Outcome;
use domain::frame::{Column, Frame};
use domain::yields::{Aborted, Definition};
use engine::explore::{Explorer, Selection};
use engine::metrics::yields::Basis;
use factory::{Dice, RUNS, STATIONS};

const FOUR: [Column; 4] = [Column::Day, Column::Station, Column::Code, Column::Duration];
const SEVEN: [Column; 7] = [
    Column::Day,
    Column::Station,
    Column::Code,
    Column::Duration,
    Column::Product,
    Column::Fixture,
    Column::Software,
];
const FIRST_RUN: Basis = Basis { definition: Definition::FirstRun, aborted: None };

/// Selections of `each` stations.
fn choices(many: usize, each: usize) -> Vec<Vec<u32>> {
    let mut dice = Dice(7);
    let mut some = || {
        let mut all: Vec<u32> = (0..STATIONS as u32).collect();
        (0..each).map(|_| all.swap_remove(dice.throw(all.len() as u64) as usize)).collect()
    };
    (0..many).map(|_| some()).collect()
}

/// The kernel written by hand: 4 bytes a row, sorted by station, one loop for all charts.
struct ByHand {
    /// Day, code, bin, and flags: counts (1), passed (2).
    rows: Vec<[u8; 4]>,
    starts: Vec<usize>,
    chosen: Vec<bool>,
    day: Vec<[i32; 2]>,
    code: Vec<i32>,
    bin: Vec<i32>,
}

impl ByHand {
    fn new(explorer: &Explorer) -> Self {
        let frame = explorer.frame();
        let codes = |column| frame.codes(column).into_iter().flat_map(domain::frame::Codes::iter);
        let edges = explorer.durations();
        let standings: Vec<u8> = frame
            .standings()
            .map(|it| u8::from(it.first) | u8::from(it.first && it.outcome == Outcome::Pass) << 1)
            .collect();
        let mut starts = vec![0; STATIONS as usize + 1];
        codes(Column::Station).for_each(|code| starts[code as usize + 1] += 1);
        (0..STATIONS as usize).for_each(|code| starts[code + 1] += starts[code]);
        let rows = codes(Column::Day)
            .zip(codes(Column::Code))
            .zip(codes(Column::Duration))
            .zip(codes(Column::CountingClass))
            .map(|(((day, code), second), standing)| {
                let bin = (second / edges[1]).min(edges.len() as u32 - 1);
                [day as u8, code as u8, bin as u8, standings[standing as usize]]
            })
            .collect();
        Self {
            rows,
            starts,
            chosen: vec![false; STATIONS as usize],
            day: vec![[0; 2]; 256],
            code: vec![0; 256],
            bin: vec![0; 256],
        }
    }

    fn choose(&mut self, stations: &[u32]) {
        for station in 0..STATIONS as usize {
            let now = stations.contains(&(station as u32));
            if self.chosen[station] == now {
                continue;
            }
            self.chosen[station] = now;
            let sign = if now { 1 } else { -1 };
            for [day, code, bin, state] in
                &self.rows[self.starts[station]..self.starts[station + 1]]
            {
                let (n, passed) = (i32::from(state & 1), i32::from(state >> 1));
                let day = &mut self.day[usize::from(*day)];
                day[0] += sign * n;
                day[1] += sign * passed;
                self.code[usize::from(*code)] += sign * (n - passed);
                self.bin[usize::from(*bin)] += sign * n;
            }
        }
    }
}

fn explorer(bytes: &[u8], by: &[Column]) -> Explorer {
    Frame::read(bytes)
        .ok()
        .and_then(|frame| Explorer::new(frame, FIRST_RUN, by).ok())
        .unwrap_or_else(|| unreachable!("the frame has these columns"))
}

/// T1a by hand and by the explorer, alternating, since the machine's speed changes: medians, ratio.
fn in_turns(bytes: &[u8], choices: &[Vec<u32>]) {
    let mut charts = explorer(bytes, &FOUR);
    let mut by_hand = ByHand::new(&charts);
    let mut took = [Vec::new(), Vec::new()];
    for (turn, choice) in choices.iter().cycle().take(300).enumerate() {
        let began = Instant::now();
        by_hand.choose(choice);
        let between = Instant::now();
        charts.select(Column::Station, &Selection::These(choice.clone()));
        if turn > 20 {
            took[0].push(between - began);
            took[1].push(between.elapsed());
        }
    }
    let n: u64 = charts.by(Column::Day).iter().map(|day| day.n).sum();
    assert_eq!(n, by_hand.day.iter().map(|[n, _]| n.unsigned_abs() as u64).sum::<u64>());
    let [by_hand, explorer] = took.map(|mut took| {
        took.sort_unstable();
        took[took.len() / 2]
    });
    let ratio = explorer.as_secs_f64() / by_hand.as_secs_f64();
    println!("T1a delta in turns: by hand {by_hand:?}, explorer {explorer:?}, ratio {ratio:.2}");
}

fn explore(criterion: &mut Criterion) {
    let bytes = factory::frame(RUNS);
    println!("{} bytes a run", bytes.len() as f64 / RUNS as f64);
    let sixty = choices(40, 60);
    let mut group = criterion.benchmark_group("a million runs");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));

    in_turns(&bytes, &sixty);
    for (name, by) in [("4 charts", FOUR.as_slice()), ("7 charts", SEVEN.as_slice())] {
        let mut charts = explorer(&bytes, by);
        let mut turn = sixty.iter().cycle();
        let mut next = || Selection::These(turn.next().cloned().unwrap_or_default());
        group.bench_function(format!("T1a delta, {name}"), |bencher| {
            bencher.iter_batched(
                &mut next,
                |choice| charts.select(Column::Station, &choice),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(format!("T1a scan, {name}"), |bencher| {
            bencher.iter(|| charts.define(black_box(FIRST_RUN)));
        });
        let mut on = false;
        group.bench_function(format!("T1b one station, {name}"), |bencher| {
            let all: Vec<u32> = (0..STATIONS as u32).collect();
            bencher.iter(|| {
                on = !on;
                charts.select(Column::Station, &Selection::These(all[usize::from(on)..].to_vec()))
            });
        });
        charts.clear();
        let mut from = 0;
        group.bench_function(format!("a brush over days moves by one, {name}"), |bencher| {
            bencher.iter(|| {
                from = (from + 1) % 150;
                charts.select(Column::Day, &Selection::Range(from..from + 30))
            });
        });
        let mut code = 0;
        group.bench_function(format!("another code, {name}"), |bencher| {
            bencher.iter(|| {
                code = (code + 1) % 60;
                charts.select(Column::Code, &Selection::These(vec![code]))
            });
        });
        charts.clear();
        let mut turn = 0;
        group.bench_function(format!("another definition, {name}"), |bencher| {
            bencher.iter(|| {
                turn += 1;
                let definition = Definition::ALL[turn % 3];
                charts.define(Basis { definition, aborted: Some(Aborted::ALL[turn % 2]) });
            });
        });
    }

    let charts = explorer(&bytes, &FOUR);
    group.bench_function("header of another selection", |bencher| {
        let days = [(Column::Day, Selection::Range(30..60))];
        bencher.iter(|| charts.header_under(black_box(&days)));
    });
    group.bench_function("T3 bytes to ready", |bencher| {
        bencher.iter(|| explorer(black_box(&bytes), &FOUR));
    });
    group.finish();
}

criterion_group!(benches, explore);
criterion_main!(benches);
