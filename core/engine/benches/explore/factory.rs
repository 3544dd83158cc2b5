//! A synthetic frame of a million runs.

use domain::frame::{Builder, Column, CountingClass, Run};
use domain::yields::HistoryFlags;
use domain::{Outcome, Timestamp};

/// The number of runs.
pub(crate) const RUNS: i64 = 1_000_000;
/// The number of stations.
pub(crate) const STATIONS: u64 = 200;
const DAYS: u64 = 180;

/// Marsaglia's xorshift generator.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A random number from 0 to below `sides`.
    pub(crate) fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// A frame with runs of half a year; each station has one operation, few products and fixtures.
pub(crate) fn frame(runs: i64) -> Vec<u8> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut builder = Builder::default();
    let begins = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    for run in 0..runs {
        let second = run * DAYS.cast_signed() * 86_400 / runs;
        let station = dice.throw(STATIONS);
        let first = dice.throw(11) > 0;
        let passed = dice.throw(100) < 95;
        let outcome = match dice.throw(20) {
            _ if passed => Outcome::Pass,
            0 => Outcome::Aborted,
            1 => Outcome::Error,
            _ => Outcome::Fail,
        };
        let later = if passed { 0x3fe } else { [0, 0x14a, 0x3de][dice.throw(3) as usize] };
        let marks = if first { 33 | later } else { [0, 33][dice.throw(2) as usize] };
        let texts = [
            Some(format!("operation {}", station % 6)),
            Some(format!("product {:02}", (station + dice.throw(3)) % 12)),
            Some(format!("revision {}", dice.throw(2))),
            Some(format!("L{}", 6 + station % 6)),
            Some(format!("station {station:03}")),
            Some(format!("fixture {:04}", station * 4 + dice.throw(4))),
            Some(format!("operator {:03}", station / 2 + dice.throw(3) * 100)),
            Some(format!("1.{}", second / 86_400 / 20)),
            (!passed).then(|| {
                let skewed = dice.throw(60) * dice.throw(60) / 60;
                format!("code {skewed:02}")
            }),
        ];
        let pushed = builder.push(&Run {
            started_at: Timestamp::from_micros((1_767_225_600 + second) * 1_000_000)
                .unwrap_or(Timestamp::MAX),
            day: begins + chrono::Days::new((second / 86_400).unsigned_abs()),
            standing: CountingClass {
                reason: None,
                outcome,
                first,
                unaborted_first: first && outcome != Outcome::Aborted,
                marks: HistoryFlags::from_bits(marks as u16),
            },
            words: std::array::from_fn(|word| texts[word].as_deref()),
            seconds: Some((60 + dice.throw(600) + dice.throw(600)) as u32),
            weight: 1,
        });
        assert!(pushed.is_ok());
    }
    builder.finish(Column::Station)
}
