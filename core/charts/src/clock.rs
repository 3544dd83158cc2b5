//! UTC offsets of a site.

use domain::Timestamp;

/// The UTC offsets of a site in minutes, each with its start: with daylight saving time there are
/// several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock(Vec<(i64, i32)>);

/// A period with one offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Its start and its end in microseconds since 1970, UTC.
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// The offset from UTC in microseconds.
    pub(crate) offset: i64,
}

const MINUTE: i64 = 60_000_000;
/// The greatest offset of any time zone.
const MAX_MINUTES: i32 = 1080;

impl Clock {
    /// Offsets, each with its start; the first also applies to earlier times. Empty: UTC.
    #[must_use]
    pub fn new(offsets: impl IntoIterator<Item = (Timestamp, i32)>) -> Self {
        let mut offsets: Vec<_> = offsets
            .into_iter()
            .map(|(since, minutes)| (since.micros(), minutes.clamp(-MAX_MINUTES, MAX_MINUTES)))
            .collect();
        offsets.sort_by_key(|(since, _)| *since);
        Self(offsets)
    }

    /// A constant offset from UTC in minutes.
    #[must_use]
    pub fn fixed(minutes: i32) -> Self {
        Self::new([(Timestamp::MIN, minutes)])
    }

    /// The periods of constant offset, in order; they cover all of time.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let offset = |minutes: i32| i64::from(minutes) * MINUTE;
        let first = self.0.first().map_or(0, |(_, minutes)| offset(*minutes));
        let mut spans = vec![Span { from: i64::MIN, until: i64::MAX, offset: first }];
        for (since, minutes) in self.0.iter().skip(1) {
            if let Some(last) = spans.last_mut() {
                last.until = *since;
            }
            spans.push(Span { from: *since, until: i64::MAX, offset: offset(*minutes) });
        }
        spans
    }
}

impl Span {
    /// Whether this local time, in microseconds, occurs in the period.
    pub(crate) fn shows(&self, local: i64) -> bool {
        local.checked_sub(self.offset).is_some_and(|at| self.from <= at && at < self.until)
    }

    /// The offset as in ISO 8601: `+08`, `−03:30`.
    pub(crate) fn name(&self) -> String {
        let minutes = (self.offset / MINUTE).abs();
        let sign = if self.offset < 0 { '−' } else { '+' };
        match minutes % 60 {
            0 => format!("{sign}{:02}", minutes / 60),
            rest => format!("{sign}{:02}:{rest:02}", minutes / 60),
        }
    }
}
