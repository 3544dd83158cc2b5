//! The clocks of a site.

use domain::Timestamp;

/// By how many minutes the clocks of a site are ahead of UTC, and since when: a clock that is set
/// forward or back has several offsets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock(Vec<(i64, i32)>);

/// A time during which the clocks have one offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Microseconds since 1970, UTC, of its beginning and its end.
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// Microseconds ahead of UTC.
    pub(crate) offset: i64,
}

const MINUTE: i64 = 60_000_000;
/// No zone is farther from UTC.
const MOST_MINUTES: i32 = 1080;

impl Clock {
    /// Clocks with these offsets, each since a time; the first also holds before. None: UTC.
    #[must_use]
    pub fn new(offsets: impl IntoIterator<Item = (Timestamp, i32)>) -> Self {
        let mut offsets: Vec<_> = offsets
            .into_iter()
            .map(|(since, minutes)| (since.micros(), minutes.clamp(-MOST_MINUTES, MOST_MINUTES)))
            .collect();
        offsets.sort_by_key(|(since, _)| *since);
        Self(offsets)
    }

    /// Clocks that are always ahead of UTC by so many minutes.
    #[must_use]
    pub fn fixed(minutes: i32) -> Self {
        Self::new([(Timestamp::MIN, minutes)])
    }

    /// The spans of one offset each, in order, over all of time.
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
    /// Whether the clocks show this local time, in microseconds, during the span.
    pub(crate) fn shows(&self, local: i64) -> bool {
        local.checked_sub(self.offset).is_some_and(|at| self.from <= at && at < self.until)
    }

    /// The offset as ISO 8601 writes it: `+08`, `−03:30`.
    pub(crate) fn name(&self) -> String {
        let minutes = (self.offset / MINUTE).abs();
        let sign = if self.offset < 0 { '−' } else { '+' };
        match minutes % 60 {
            0 => format!("{sign}{:02}", minutes / 60),
            rest => format!("{sign}{:02}:{rest:02}", minutes / 60),
        }
    }
}
