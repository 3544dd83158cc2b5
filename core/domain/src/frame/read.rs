//! Reading a frame: it is validated once, as a whole.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use zerocopy::{FromBytes, IntoBytes};

use super::{Codes, Column, CountingClass, ENTRY, HEADER, Kind, MAGIC, VERSION};
use crate::{Timestamp, each_width};

/// 1970-01-01 in days of the proleptic Gregorian calendar, from day 1 of year 1.
pub(super) const EPOCH_DAYS: i32 = 719_163;

/// The error for bytes that are not a valid frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frame that this program reads: at byte {at}, {what}")]
pub struct Malformed {
    /// What is wrong.
    pub what: &'static str,
    /// The byte offset at which it was detected.
    pub at: usize,
}

type Result<T, E = Malformed> = std::result::Result<T, E>;

/// A validated frame. It owns the received bytes; columns are slices of them. Clones share the
/// bytes.
#[derive(Clone)]
pub struct Frame {
    /// As 64-bit words, so that every section, which begins at a multiple of 8, is aligned.
    words: Arc<Vec<u64>>,
    length: usize,
    rows: usize,
    runs: u32,
    layout: Option<Column>,
    parts: [Option<Part>; Column::ALL.len()],
}

/// The location of a column in the frame.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The offset of its directory entry.
    entry_at: usize,
    width: usize,
    values: usize,
    entries: usize,
    dictionary: usize,
    dictionary_bytes: usize,
    base: i64,
}

impl Frame {
    /// Copies the bytes into aligned memory and checks them.
    ///
    /// # Errors
    /// The defect, and its offset.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        Self::read_with(bytes.len(), |memory| memory.copy_from_slice(bytes))
    }

    /// The same, with memory of this program that the caller fills, as a browser does. This saves a
    /// copy.
    ///
    /// # Errors
    /// The defect, and its offset.
    pub fn read_with(length: usize, fill: impl FnOnce(&mut [u8])) -> Result<Self> {
        let mut words = vec![0_u64; length.div_ceil(8)];
        if let Some(memory) = words.as_mut_bytes().get_mut(..length) {
            fill(memory);
        }
        Self::checked(words, length)
    }

    fn checked(words: Vec<u64>, length: usize) -> Result<Self> {
        let bytes = &words.as_bytes()[..length];
        let at = |at, what| Malformed { what, at };
        if bytes.get(..8) != Some(&MAGIC) {
            return Err(at(0, "it does not begin as one"));
        }
        if number(bytes, 8, 2)? != u64::from(VERSION) {
            return Err(at(8, "its version is another"));
        }
        let columns = size(number(bytes, 10, 2)?);
        let rows = size(number(bytes, 12, 4)?);
        if number(bytes, 16, 8)? != length as u64 {
            return Err(at(16, "it is longer or shorter than it says"));
        }
        let layout = match number(bytes, 24, 1)? {
            0 => None,
            id => Some(column(id).ok_or(at(24, "rows are laid out by no column"))?),
        };
        if number(bytes, 24, 8)? >> 8 > 0 {
            return Err(at(25, "this is to be zeros"));
        }
        if bytes.len() < HEADER + ENTRY * columns {
            return Err(at(10, "there are more columns than bytes"));
        }
        let mut parts = [None; Column::ALL.len()];
        for entry_at in (HEADER..).step_by(ENTRY).take(columns) {
            let id = number(bytes, entry_at, 1)?;
            let Some(column) = column(id) else { continue };
            let part = Part::read(bytes, entry_at)?;
            let place = &mut parts[column as usize];
            if place.is_some() {
                return Err(at(entry_at, "the column is there twice"));
            }
            *place = Some(part);
        }
        let words = Arc::new(words);
        let mut frame = Self { words, length, rows, runs: 0, layout, parts };
        for column in Column::ALL {
            if let Some(part) = frame.part(*column) {
                frame.check(*column, part, length)?;
            }
        }
        frame.runs = frame.weigh()?;
        frame.check_layout()?;
        Ok(frame)
    }

    /// Validates the entry, the sections and the dictionary of a column.
    fn check(&self, column: Column, part: Part, length: usize) -> Result<()> {
        let entry = |what| Malformed { what, at: part.entry_at };
        let kind = column.kind();
        let widths: &[usize] =
            if kind == Kind::Started { &[1, 2, 3, 4, 5, 6, 7, 8] } else { &[1, 2, 4] };
        if !widths.contains(&part.width) {
            return Err(entry("its values have no such width"));
        }
        let inside = |from: usize, bytes: Option<usize>| {
            from.is_multiple_of(8)
                && bytes.and_then(|bytes| from.checked_add(bytes)).is_some_and(|to| to <= length)
        };
        if !inside(part.values, self.rows.checked_mul(part.width)) {
            return Err(entry("its values are not in the frame, or not at a multiple of 8"));
        }
        if !inside(part.dictionary, Some(part.dictionary_bytes)) {
            return Err(entry("its dictionary is not in the frame, or not at a multiple of 8"));
        }
        let size = match kind {
            Kind::Words | Kind::Day => Some(4),
            Kind::CountingClass | Kind::Bins => Some(8),
            Kind::Number | Kind::Started => None,
        };
        let least = size.map_or(Some(0), |size: usize| part.entries.checked_mul(size));
        let right = match kind {
            Kind::Words => least.is_some_and(|least| least <= part.dictionary_bytes),
            _ => least == Some(part.dictionary_bytes),
        };
        if !right {
            return Err(entry("its dictionary has not the size of its words"));
        }
        match kind {
            Kind::Words => self.check_texts(part)?,
            Kind::Day => self.check_days(part)?,
            Kind::CountingClass => self.check_standings(part)?,
            Kind::Bins => self.check_bins(part)?,
            Kind::Started => return self.check_times(part),
            Kind::Number => return Ok(()),
        }
        // Words and bins have one more code, for "none".
        let known = part.entries + usize::from(matches!(kind, Kind::Words | Kind::Bins));
        if self.rows > 0 && self.values(part).greatest() as usize >= known {
            return Err(Malformed { what: "a code stands for nothing", at: part.values });
        }
        Ok(())
    }

    fn check_texts(&self, part: Part) -> Result<()> {
        let texts = Texts::new(self.dictionary(part), part.entries);
        let wrong = |entry: usize, what| Malformed { what, at: part.dictionary + 4 * entry };
        let mut before: Option<&str> = None;
        for entry in 0..part.entries {
            let text = texts.get(entry).ok_or(wrong(entry, "this word is no text"))?;
            if before.is_some_and(|before| before >= text) {
                return Err(wrong(entry, "this word is not after the one before it"));
            }
            before = Some(text);
        }
        if texts.end(part.entries) != Some(texts.bytes.len()) {
            return Err(wrong(part.entries, "the words do not end where they should"));
        }
        Ok(())
    }

    fn check_days(&self, part: Part) -> Result<()> {
        let mut before = None;
        for (entry, day) in (0..).zip(slice::<i32>(self.dictionary(part), part.entries)) {
            let wrong = |what| Malformed { what, at: part.dictionary + 4 * entry };
            if date(*day).is_none() {
                return Err(wrong("this is no day"));
            }
            if before.is_some_and(|before| before >= *day) {
                return Err(wrong("this day is not after the one before it"));
            }
            before = Some(*day);
        }
        Ok(())
    }

    fn check_standings(&self, part: Part) -> Result<()> {
        for (entry, bytes) in (0..).zip(slice::<[u8; 8]>(self.dictionary(part), part.entries)) {
            if CountingClass::from_bytes(*bytes).is_none() {
                let at = part.dictionary + 8 * entry;
                return Err(Malformed { what: "this is not how a run can stand", at });
            }
        }
        Ok(())
    }

    fn check_bins(&self, part: Part) -> Result<()> {
        let mut before = f64::NEG_INFINITY;
        for (entry, edge) in (0..).zip(slice::<f64>(self.dictionary(part), part.entries)) {
            if !(before < *edge && *edge < f64::INFINITY) {
                let at = part.dictionary + 8 * entry;
                return Err(Malformed { what: "this bin is not after the one before it", at });
            }
            before = *edge;
        }
        Ok(())
    }

    fn check_times(&self, part: Part) -> Result<()> {
        // The range of the base and the width nearly always proves that every time is valid.
        let most = 1_i64.checked_shl(8 * part.width as u32).filter(|most| *most > 0);
        let last = most.and_then(|most| part.base.checked_add(most));
        if part.base >= 0 && last.and_then(moment).is_some() {
            return Ok(());
        }
        match self.seconds(part).position(|second| moment(second).is_none()) {
            Some(row) => Err(Malformed { what: "this is no time", at: part.values + row }),
            None => Ok(()),
        }
    }

    /// The total number of runs.
    fn weigh(&self) -> Result<u32> {
        let too_many = |at| Malformed { what: "there are more runs than are counted", at };
        let Some(part) = self.part(Column::Weight) else {
            return u32::try_from(self.rows).map_err(|_| too_many(12));
        };
        let runs = each_width!(self.values(part), values => {
            values.iter().map(|weight| u64::from(*weight)).sum::<u64>()
        });
        u32::try_from(runs).map_err(|_| too_many(part.values))
    }

    fn check_layout(&self) -> Result<()> {
        let Some(layout) = self.layout else { return Ok(()) };
        let part = self
            .part(layout)
            .filter(|_| layout.kind() == Kind::Words)
            .ok_or(Malformed { what: "rows are laid out by a column that has no words", at: 24 })?;
        if each_width!(self.values(part), values => values.is_sorted()) {
            return Ok(());
        }
        Err(Malformed { what: "rows are not laid out as it says", at: part.values })
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The number of runs that the rows represent.
    #[must_use]
    pub const fn runs(&self) -> u32 {
        self.runs
    }

    /// The column that rows are sorted by: its codes ascend.
    #[must_use]
    pub const fn layout(&self) -> Option<Column> {
        self.layout
    }

    /// The values of a column: codes, or numbers. `None` if the column is absent, and for
    /// [`Column::Started`], which [`Frame::started`] decodes.
    #[must_use]
    pub fn codes(&self, column: Column) -> Option<Codes<'_>> {
        self.part(column).filter(|_| column != Column::Started).map(|part| self.values(part))
    }

    /// The number of entries of its dictionary; `None` for a column without one.
    #[must_use]
    pub fn entries(&self, column: Column) -> Option<usize> {
        let has_none = matches!(column.kind(), Kind::Number | Kind::Started);
        self.part(column).filter(|_| !has_none).map(|part| part.entries)
    }

    /// The texts of a categorical column.
    #[must_use]
    pub fn texts(&self, column: Column) -> Option<Texts<'_>> {
        let part = self.part(column).filter(|_| column.kind() == Kind::Words)?;
        Some(Texts::new(self.dictionary(part), part.entries))
    }

    /// The distinct days, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let days = self.part(Column::Day).map(|part| slice(self.dictionary(part), part.entries));
        days.unwrap_or_default().iter().filter_map(|day: &i32| date(*day))
    }

    /// The distinct counting classes, in the order of their codes.
    pub fn standings(&self) -> impl Iterator<Item = CountingClass> {
        let all =
            self.part(Column::CountingClass).map(|part| slice(self.dictionary(part), part.entries));
        all.unwrap_or_default()
            .iter()
            .filter_map(|bytes: &[u8; 8]| CountingClass::from_bytes(*bytes))
    }

    /// The lower edges of the bins of [`Column::Measured`], ascending. The first bin also holds
    /// smaller values, the last has no upper edge. Empty if nothing was measured or requested.
    #[must_use]
    pub fn bins(&self) -> &[f64] {
        let bins =
            self.part(Column::Measured).map(|part| slice(self.dictionary(part), part.entries));
        bins.unwrap_or_default()
    }

    /// The start of each row, truncated to the second; empty if the column is absent.
    pub fn started(&self) -> impl Iterator<Item = Timestamp> {
        let part = self.part(Column::Started);
        part.into_iter().flat_map(|part| self.seconds(part)).filter_map(moment)
    }

    fn part(&self, column: Column) -> Option<Part> {
        self.parts[column as usize]
    }

    /// The bytes from an offset; empty if it is out of bounds.
    fn from(&self, at: usize) -> &[u8] {
        self.words.as_bytes().get(at..).unwrap_or_default()
    }

    fn values(&self, part: Part) -> Codes<'_> {
        let bytes = self.from(part.values);
        match part.width {
            1 => Codes::U8(slice(bytes, self.rows)),
            2 => Codes::U16(slice(bytes, self.rows)),
            _ => Codes::U32(slice(bytes, self.rows)),
        }
    }

    fn dictionary(&self, part: Part) -> &[u8] {
        self.from(part.dictionary).get(..part.dictionary_bytes).unwrap_or_default()
    }

    /// Decodes the starts: seconds since 1970, row by row.
    fn seconds(&self, part: Part) -> impl Iterator<Item = i64> {
        let planes = self.from(part.values).get(..self.rows * part.width).unwrap_or_default();
        let modulo = u64::MAX >> (64 - 8 * part.width.clamp(1, 8));
        let mut passed = 0_u64;
        (0..self.rows).map(move |row| {
            let bytes = planes.get(row..).unwrap_or_default().iter().step_by(self.rows);
            let since = bytes.rev().fold(0, |since, byte| since << 8 | u64::from(*byte));
            passed = passed.wrapping_add(since) & modulo;
            part.base.wrapping_add_unsigned(passed)
        })
    }
}

/// The received bytes.
impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        self.words.as_bytes().get(..self.length).unwrap_or_default()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, length, layout, .. } = self;
        write!(f, "Frame {{ rows: {rows}, bytes: {length}, layout: {layout:?} }}")
    }
}

/// The dictionary of a categorical column.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    ends: &'a [u32],
    bytes: &'a [u8],
}

impl<'a> Texts<'a> {
    fn new(dictionary: &'a [u8], entries: usize) -> Self {
        let bytes = dictionary.get(4 * entries..).unwrap_or_default();
        Self { ends: slice(dictionary, entries), bytes }
    }

    /// The number of texts.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no texts.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a code; `None` for the code of "none" and for greater ones.
    #[must_use]
    pub fn get(&self, code: usize) -> Option<&'a str> {
        let to = *self.ends.get(code)? as usize;
        std::str::from_utf8(self.bytes.get(self.end(code)?..to)?).ok()
    }

    /// Finds the code of a text by binary search.
    #[must_use]
    pub fn code(&self, text: &str) -> Option<usize> {
        let mut codes = 0..self.len();
        while !codes.is_empty() {
            let middle = codes.start.midpoint(codes.end);
            match self.get(middle)?.cmp(text) {
                std::cmp::Ordering::Less => codes.start = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => codes.end = middle,
            }
        }
        None
    }

    /// The texts in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        let texts = *self;
        (0..self.len()).filter_map(move |code| texts.get(code))
    }

    /// The end offset of the first `texts` texts.
    fn end(&self, texts: usize) -> Option<usize> {
        match texts.checked_sub(1) {
            None => Some(0),
            Some(last) => self.ends.get(last).map(|end| *end as usize),
        }
    }
}

impl Part {
    fn read(bytes: &[u8], at: usize) -> Result<Self> {
        if number(bytes, at + 2, 2)? != 0 {
            return Err(Malformed { what: "this is to be zeros", at: at + 2 });
        }
        Ok(Self {
            entry_at: at,
            width: size(number(bytes, at + 1, 1)?),
            entries: size(number(bytes, at + 4, 4)?),
            values: size(number(bytes, at + 8, 8)?),
            dictionary: size(number(bytes, at + 16, 8)?),
            dictionary_bytes: size(number(bytes, at + 24, 8)?),
            base: number(bytes, at + 32, 8)?.cast_signed(),
        })
    }
}

/// Reads a little-endian integer of `width` bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> Result<u64> {
    let field =
        bytes.get(at..at + width).ok_or(Malformed { what: "it ends here", at: bytes.len() })?;
    Ok(field.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Saturates: an offset past the end of memory is out of bounds either way.
fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn column(id: u64) -> Option<Column> {
    u8::try_from(id).ok().and_then(Column::from_id)
}

/// The first `count` values; empty if there are fewer, or they are not aligned.
fn slice<T: FromBytes + zerocopy::Immutable>(bytes: &[u8], count: usize) -> &[T]
where
    [T]: FromBytes + zerocopy::KnownLayout<PointerMetadata = usize>,
{
    <[T]>::ref_from_prefix_with_elems(bytes, count).map_or(&[], |(values, _)| values)
}

fn date(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_DAYS)?)
}

fn moment(second: i64) -> Option<Timestamp> {
    Timestamp::from_micros(second.checked_mul(1_000_000)?).ok()
}
