//! Writing a frame.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{Datelike as _, NaiveDate};
use zerocopy::IntoBytes as _;

use super::codes::{Codes, Narrow};
use super::read::EPOCH_DAYS;
use super::{Column, CountingClass, ENTRY, HEADER, MAGIC, VERSION};
use crate::Timestamp;

/// A row: one run, or as many identical runs as its weight.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The start.
    pub started_at: Timestamp,
    /// The day in site time.
    pub day: NaiveDate,
    /// The counting class.
    pub standing: CountingClass,
    /// Its categorical values, in the order of [`Column::WORDS`].
    pub words: [Option<&'a str>; Column::WORDS.len()],
    /// The duration in whole seconds.
    pub seconds: Option<u32>,
    /// The number of runs that the row represents.
    pub weight: u32,
}

/// A frame has at most 2³² − 1 rows, which represent at most as many runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame has no room for more than 4294967295 runs")]
pub struct TooManyRows;

/// Collects rows and writes a frame. Memory use is that of the codes: some 20 bytes a row.
#[derive(Debug)]
pub struct Builder {
    /// Columns that the frame omits.
    without: Vec<Column>,
    runs: u32,
    weighted: bool,
    days: Dictionary<i32>,
    standings: Dictionary<[u8; 8]>,
    words: [Dictionary<Box<str>>; Column::WORDS.len()],
    seconds: Narrow,
    weights: Narrow,
    /// Seconds since 1970.
    started: Vec<i64>,
    /// The lower edges of the bins, and the bin of each row.
    measured: Option<(Vec<f64>, Narrow)>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            without: Vec::new(),
            runs: 0,
            weighted: false,
            days: Dictionary::default(),
            standings: Dictionary::default(),
            words: Default::default(),
            seconds: Narrow::new(),
            weights: Narrow::new(),
            started: Vec::new(),
            measured: None,
        }
    }
}

impl Builder {
    /// A builder of a frame without these columns, whatever values the rows have.
    #[must_use]
    pub fn without(columns: Vec<Column>) -> Self {
        Self { without: columns, ..Self::default() }
    }

    /// The number of rows so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.started.len()
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Where the frame is full.
    pub fn push(&mut self, run: &Run<'_>) -> Result<(), TooManyRows> {
        self.runs = self.runs.checked_add(run.weight.max(1)).ok_or(TooManyRows)?;
        self.weighted |= run.weight != 1;
        let day = run.day.num_days_from_ce() - EPOCH_DAYS;
        self.days.push(&day, || day);
        let standing = run.standing.to_bytes();
        self.standings.push(&standing, || standing);
        for (dictionary, word) in self.words.iter_mut().zip(run.words) {
            match word {
                Some(word) => dictionary.push(word, || word.into()),
                None => dictionary.codes.push(0),
            }
        }
        // The greatest value encodes "none"; 0 for none is replaced by it in `finish`.
        let seconds = run.seconds.map_or(0, |seconds| seconds.min(u32::MAX - 2) + 1);
        self.seconds.push(seconds);
        self.weights.push(run.weight);
        self.started.push(run.started_at.micros().div_euclid(1_000_000));
        Ok(())
    }

    /// Adds a column of measured values, in the order in which rows were pushed. A value that is
    /// not finite, or missing at the end, is "none". Lower bin edges must be finite and ascend, or
    /// the frame is malformed. The first bin also holds smaller values; the last bin has no upper
    /// edge.
    pub fn measure(&mut self, values: &[f64], bins: Vec<f64>) {
        let none = u32::try_from(bins.len()).unwrap_or(u32::MAX);
        let mut codes = Narrow::new();
        for row in 0..self.rows() {
            let value = values.get(row).filter(|value| value.is_finite());
            let bin = value.map(|value| bins.partition_point(|edge| edge <= value));
            let code = bin.and_then(|bin| u32::try_from(bin.saturating_sub(1)).ok());
            codes.push(code.unwrap_or(none).min(none));
        }
        self.measured = Some((bins, codes));
    }

    /// Writes the frame, its rows sorted by the code of a categorical column, then by start in
    /// seconds. This order compresses well and gives long sequential reads. Rows may come in any
    /// order; almost by time is the fastest.
    #[must_use]
    pub fn finish(self, layout: Column) -> Vec<u8> {
        let mut ranked = vec![
            (Column::Day, self.days.rank(false, |days| days.as_bytes().to_vec())),
            (Column::CountingClass, self.standings.rank(false, <[[u8; 8]]>::concat)),
        ];
        for (column, dictionary) in Column::WORDS.into_iter().zip(self.words) {
            ranked.push((column, dictionary.rank(true, texts)));
        }
        let has = |column: Column| !self.without.contains(&column);
        ranked.retain(|(column, _)| has(*column));
        let mut order: Vec<u32> =
            (0..u32::try_from(self.started.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|row| self.started.get(*row as usize).copied());
        let laid_out = ranked.iter().find(|(column, _)| *column == layout);
        if let Some((_, ranked)) = laid_out {
            order = ranked.lay_out(&order);
        }

        let mut parts: Vec<Part<'_>> = ranked
            .iter()
            .map(|(column, ranked)| {
                let values = order.iter().map(|row| ranked.code(*row));
                Part {
                    entries: ranked.entries,
                    dictionary: &ranked.dictionary,
                    ..Part::new(*column, values, ranked.greatest)
                }
            })
            .collect();
        let value = |codes: Codes<'_>, row: &u32| codes.get(*row as usize).unwrap_or_default();
        if has(Column::Duration) {
            let seconds = self.seconds.codes();
            let longest = seconds.greatest();
            let none = least_width(longest).1;
            let values = order.iter().map(|row| value(seconds, row).checked_sub(1).unwrap_or(none));
            parts.push(Part::new(Column::Duration, values, longest));
        }
        if has(Column::Started) {
            parts.push(started(&self.started, &order));
        }
        if self.weighted {
            let weights = self.weights.codes();
            let greatest = weights.greatest();
            let values = order.iter().map(|row| value(weights, row));
            parts.push(Part::new(Column::Weight, values, greatest));
        }
        if let Some((bins, codes)) = self.measured.as_ref().filter(|_| has(Column::Measured)) {
            let values = order.iter().map(|row| value(codes.codes(), row));
            let entries = u32::try_from(bins.len()).unwrap_or(u32::MAX);
            let part = Part::new(Column::Measured, values, entries);
            parts.push(Part { entries, dictionary: bins.as_bytes(), ..part });
        }
        write(order.len(), laid_out.map_or(0, |(column, _)| column.id()), &parts)
    }
}

/// Dictionary encoding: distinct values in order of first occurrence, and the code of each row; 0
/// for none.
#[derive(Debug)]
struct Dictionary<T> {
    codes: Narrow,
    known: HashMap<T, u32>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { codes: Narrow::new(), known: HashMap::new() }
    }
}

impl<T: Eq + Hash + Ord> Dictionary<T> {
    fn push<B>(&mut self, value: &B, owned: impl FnOnce() -> T)
    where
        T: std::borrow::Borrow<B>,
        B: Eq + Hash + ?Sized,
    {
        let code = match self.known.get(value) {
            Some(code) => *code,
            None => {
                // The dictionary has fewer entries than rows, which fit.
                let code = u32::try_from(self.known.len() + 1).unwrap_or(u32::MAX);
                self.known.insert(owned(), code);
                code
            }
        };
        self.codes.push(code);
    }

    /// Renumbers the codes in the order of the values; "none", where allowed, is last.
    fn rank(self, none: bool, write: impl FnOnce(&[T]) -> Vec<u8>) -> Ranked {
        let mut values: Vec<(T, u32)> = self.known.into_iter().collect();
        values.sort_unstable();
        let entries = u32::try_from(values.len()).unwrap_or(u32::MAX);
        let mut ranks = vec![entries; values.len() + 1];
        for (rank, (_, code)) in (0..).zip(&values) {
            if let Some(place) = ranks.get_mut(*code as usize) {
                *place = rank;
            }
        }
        let values: Vec<T> = values.into_iter().map(|(value, _)| value).collect();
        let greatest = if none { entries } else { entries.saturating_sub(1) };
        Ranked { codes: self.codes, ranks, entries, greatest, dictionary: write(&values) }
    }
}

/// A sorted dictionary.
struct Ranked {
    codes: Narrow,
    /// Maps the code in order of first occurrence to the rank.
    ranks: Vec<u32>,
    entries: u32,
    greatest: u32,
    dictionary: Vec<u8>,
}

impl Ranked {
    fn code(&self, row: u32) -> u32 {
        let code = self.codes.codes().get(row as usize).unwrap_or_default();
        self.ranks.get(code as usize).copied().unwrap_or_default()
    }

    /// Sorts rows by code (a stable counting sort).
    fn lay_out(&self, rows: &[u32]) -> Vec<u32> {
        let mut next = vec![0_usize; self.ranks.len() + 1];
        for row in rows {
            next[self.code(*row) as usize + 1] += 1;
        }
        for code in 1..next.len() {
            next[code] += next[code - 1];
        }
        let mut order = vec![0; rows.len()];
        for row in rows {
            let place = &mut next[self.code(*row) as usize];
            order[*place] = *row;
            *place += 1;
        }
        order
    }
}

/// Writes the end offset of each text, then the texts.
fn texts(values: &[Box<str>]) -> Vec<u8> {
    let mut ends = Vec::with_capacity(values.len());
    let mut end = 0;
    for value in values {
        end += value.len();
        ends.push(u32::try_from(end).unwrap_or(u32::MAX));
    }
    [ends.as_bytes(), values.concat().as_bytes()].concat()
}

/// A column, encoded.
struct Part<'a> {
    column: Column,
    width: u8,
    values: Vec<u8>,
    entries: u32,
    dictionary: &'a [u8],
    base: i64,
}

impl Part<'_> {
    fn new(column: Column, values: impl Iterator<Item = u32>, greatest: u32) -> Self {
        let (width, _) = least_width(greatest);
        let mut bytes = Vec::new();
        for value in values {
            bytes.extend_from_slice(&value.to_le_bytes()[..width]);
        }
        // At most 4.
        #[allow(clippy::cast_possible_truncation)]
        let width = width as u8;
        Self { column, width, values: bytes, entries: 0, dictionary: &[], base: 0 }
    }
}

/// The least width in bytes for numbers up to this one, and the greatest number of that width.
const fn least_width(greatest: u32) -> (usize, u32) {
    match greatest {
        0..=0xff => (1, 0xff),
        0x100..=0xffff => (2, 0xffff),
        _ => (4, u32::MAX),
    }
}

/// Encodes the starts as deltas in seconds, split into byte planes.
fn started(seconds: &[i64], order: &[u32]) -> Part<'static> {
    let base = seconds.iter().copied().min().unwrap_or_default();
    let span = seconds.iter().copied().max().unwrap_or_default().abs_diff(base);
    let width = (1..8).find(|width| span >> (8 * width) == 0).unwrap_or(8_u8);
    let mut planes = vec![Vec::with_capacity(order.len()); usize::from(width)];
    let mut before = base;
    for row in order {
        let at = seconds.get(*row as usize).copied().unwrap_or(base);
        for (plane, byte) in planes.iter_mut().zip(at.wrapping_sub(before).to_le_bytes()) {
            plane.push(byte);
        }
        before = at;
    }
    let values = planes.concat();
    Part { column: Column::Started, width, values, entries: 0, dictionary: &[], base }
}

fn write(rows: usize, layout: u8, parts: &[Part<'_>]) -> Vec<u8> {
    let padded = |length: usize| length.next_multiple_of(8);
    let mut at = HEADER + ENTRY * parts.len();
    let length: usize = at
        + parts.iter().map(|p| padded(p.values.len()) + padded(p.dictionary.len())).sum::<usize>();
    let mut bytes = Vec::with_capacity(length);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&u16::try_from(parts.len()).unwrap_or(u16::MAX).to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(rows).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
    bytes.extend_from_slice(&[layout, 0, 0, 0, 0, 0, 0, 0]);
    for part in parts {
        bytes.extend_from_slice(&[part.column.id(), part.width, 0, 0]);
        bytes.extend_from_slice(&part.entries.to_le_bytes());
        bytes.extend_from_slice(&(at as u64).to_le_bytes());
        at += padded(part.values.len());
        bytes.extend_from_slice(&(at as u64).to_le_bytes());
        at += padded(part.dictionary.len());
        bytes.extend_from_slice(&(part.dictionary.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&part.base.to_le_bytes());
    }
    for part in parts {
        for section in [part.values.as_slice(), part.dictionary] {
            bytes.extend_from_slice(section);
            bytes.resize(padded(bytes.len()), 0);
        }
    }
    bytes
}
