//! The parameters of a yield query, and the cells that its result is summed from.

use chrono::{Datelike as _, NaiveDate};

use crate::words::words;
use crate::{Outcome, Timestamp};

words! {
    /// The definition of the runs that a yield counts; all have version 1.
    #[derive(Default)]
    pub enum Definition {
        /// The first run of each unit in the operation, over the unit's whole history.
        #[default]
        FirstRun = "first-run",
        /// The first attempt of each unit in the operation on each day in site time.
        FirstAttemptOfDay = "first-attempt-of-day",
        /// Every run.
        Report = "report",
    }
}

impl Definition {
    /// The version of all definitions.
    pub const VERSION: u32 = 1;
}

words! {
    /// The treatment of aborted runs.
    pub enum Aborted {
        /// They are attempts that did not pass.
        Counted = "counted",
        /// They are excluded before attempts are numbered.
        Excluded = "excluded",
    }
}

impl Aborted {
    /// The default of a definition.
    #[must_use]
    pub const fn default_for(definition: Definition) -> Self {
        match definition {
            Definition::FirstRun | Definition::Report => Self::Counted,
            Definition::FirstAttemptOfDay => Self::Excluded,
        }
    }
}

words! {
    /// Periods of site time.
    pub enum Period {
        /// With the UTC offset, since an hour occurs twice when clocks are set back:
        /// `2026-03-01T08:00+08:00`
        Hour = "hour",
        /// `2026-03-01`
        Day = "day",
        /// By ISO 8601: `2026-W09`.
        Week = "week",
        /// `2026-03`
        Month = "month",
    }
}

impl Period {
    /// The name of the period of a day; `None` for an hour, which does not follow from a day.
    ///
    /// ```
    /// use domain::yields::Period;
    /// let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    /// assert_eq!(Period::Week.key(day).as_deref(), Some("2026-W01"));
    /// ```
    #[must_use]
    pub fn key(self, day: NaiveDate) -> Option<String> {
        Some(match self {
            Self::Hour => return None,
            Self::Day => format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            Self::Week => {
                let week = day.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
        })
    }
}

words! {
    /// Why a run or unit in the window that matches the filters is not counted. The order is fixed:
    /// frames number the values.
    pub enum Reason {
        /// A run of a golden unit.
        Golden = "golden",
        /// A run of a reference unit.
        Reference = "reference",
        /// A run that a person voided.
        Voided = "voided",
        /// A run whose start is more than a day in the future.
        Future = "future",
        /// A run that was skipped.
        Skipped = "skipped",
        /// A run that was aborted, where aborted runs are excluded.
        Aborted = "aborted",
        /// A unit that ran in the operation before the window.
        FirstRunBeforeWindow = "first-run-before-window",
        /// A unit whose first run in the operation does not match the filters, or is counted
        /// in another group.
        FirstRunElsewhere = "first-run-elsewhere",
    }
}

/// An end of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A time.
    At(Timestamp),
    /// The beginning of a day in site time.
    Day(NaiveDate),
}

/// The window of equal length that ends where [`from`, `to`) begins; `None` if the bounds are of
/// different kinds, not in order, or too early.
///
/// ```
/// use chrono::NaiveDate;
/// use domain::yields::{Bound, previous};
/// let day = |day| Bound::Day(NaiveDate::from_ymd_opt(2026, 3, day).unwrap());
/// assert_eq!(previous(day(8), day(15)), Some((day(1), day(8))));
/// assert_eq!(previous(day(8), day(8)), None);
/// ```
#[must_use]
pub fn previous(from: Bound, to: Bound) -> Option<(Bound, Bound)> {
    let start = match (from, to) {
        (Bound::Day(from), Bound::Day(to)) if from < to => {
            // Not every date parser accepts a year before 1.
            Bound::Day(from.checked_sub_signed(to - from).filter(|day| day.year() > 0)?)
        }
        (Bound::At(from), Bound::At(to)) if from < to => {
            let earlier = from.micros().checked_sub(to.micros() - from.micros())?;
            Bound::At(Timestamp::from_micros(earlier).ok()?)
        }
        _ => return None,
    };
    Some((start, from))
}

/// Bit flags that follow from the whole history of a unit in an operation, stored with its runs. Of
/// a pair, the first counts aborted runs as attempts, the second excludes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HistoryFlags(u16);

impl HistoryFlags {
    /// From the bits of a row in the database.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    const fn either(self, aborted: Aborted, counted: u16, excluded: u16) -> bool {
        match aborted {
            Aborted::Counted => self.0 & counted != 0,
            Aborted::Excluded => self.0 & excluded != 0,
        }
    }

    /// The first attempt on the day in site time.
    #[must_use]
    pub const fn first_of_day(self, aborted: Aborted) -> bool {
        self.either(aborted, 1, 32)
    }

    /// Run 1, and passed by run 2.
    #[must_use]
    pub const fn passed_by_2(self, aborted: Aborted) -> bool {
        self.either(aborted, 2, 64)
    }

    /// Run 1, and passed by run 3.
    #[must_use]
    pub const fn passed_by_3(self, aborted: Aborted) -> bool {
        self.either(aborted, 4, 128)
    }

    /// Run 1, and passed by some run.
    #[must_use]
    pub const fn passed_ever(self, aborted: Aborted) -> bool {
        self.either(aborted, 8, 256)
    }

    /// Run 1, and the last run passed.
    #[must_use]
    pub const fn passed_last(self, aborted: Aborted) -> bool {
        self.either(aborted, 16, 512)
    }

    /// Run 1, and there is a run 2.
    #[must_use]
    pub const fn retested(self, aborted: Aborted) -> bool {
        self.either(aborted, 8192, 16384)
    }

    /// The first FAIL of a failure episode.
    #[must_use]
    pub const fn episode(self) -> bool {
        self.0 & 1024 != 0
    }

    /// The episode ended with a PASS.
    #[must_use]
    pub const fn resolved(self) -> bool {
        self.0 & 2048 != 0
    }

    /// Nothing was repaired or changed before that PASS.
    #[must_use]
    pub const fn cleared(self) -> bool {
        self.0 & 4096 != 0
    }
}

/// Runs that count alike under every definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Why they are excluded from every figure.
    pub reason: Option<Reason>,
    /// Their outcome.
    pub outcome: Outcome,
    /// Whether they are run 1 of their units, aborted runs counted.
    pub first: bool,
    /// Whether they are run 1, aborted runs excluded.
    pub unaborted_first: bool,
    /// What follows from the histories of their units.
    pub marks: HistoryFlags,
    /// The number of runs.
    pub runs: u64,
    /// Attempts of the units whose run 1 they are, aborted runs counted.
    pub attempts: u64,
    /// The same, aborted runs excluded.
    pub unaborted_attempts: u64,
    /// Failed checks in them.
    pub defects: u64,
    /// Checks in them.
    pub opportunities: u64,
}
