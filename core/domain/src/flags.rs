//! Flags of data quality problems in a run that still counts.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::words;

words! {
    /// A flag of a run. The order is fixed: bit *n* of [`RunFlags`] in the database is the *n*-th
    /// of these, so new ones are appended.
    pub enum RunFlag {
        /// Data of the producer is missing: a gap in the sequence numbers, a series with fewer
        /// elements than it declares, a line that could not be parsed.
        DataLoss = "data_loss",
        /// A time stamp without a time zone was read as UTC.
        TzAssumed = "tz_assumed",
        /// The run passed although a diagnosis, a defect or a check in it failed.
        PassWithFailure = "pass_with_failure",
        /// The end of the run is missing.
        Truncated = "truncated",
        /// The start of the run is missing.
        NoStart = "no_start",
        /// Status and result of the run contradict each other.
        IllegalResult = "illegal_result",
        /// It starts more than a day in the future. Never stored: computed when the run is read,
        /// from the clock of the reader.
        Future = "future",
    }
}

/// A set of [`RunFlag`]s; in JSON the list of their names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct RunFlags(u16);

impl RunFlags {
    /// No flags.
    pub const NONE: Self = Self(0);

    /// Converts from the database; unknown bits are dropped.
    pub fn from_bits(bits: u16) -> Self {
        RunFlag::ALL.iter().copied().filter(|flag| bits & Self::bit(*flag) != 0).collect()
    }

    /// Converts for the database.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether the flag is set.
    pub const fn has(self, flag: RunFlag) -> bool {
        self.0 & Self::bit(flag) != 0
    }

    /// Sets the flag.
    pub const fn set(&mut self, flag: RunFlag) {
        self.0 |= Self::bit(flag);
    }

    /// Sets or clears the flag.
    pub const fn set_to(&mut self, flag: RunFlag, on: bool) {
        if on { self.0 |= Self::bit(flag) } else { self.0 &= !Self::bit(flag) }
    }

    /// Whether no flag is set.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The flags that are set, in order.
    pub fn iter(self) -> impl Iterator<Item = RunFlag> {
        RunFlag::ALL.iter().copied().filter(move |flag| self.has(*flag))
    }

    const fn bit(flag: RunFlag) -> u16 {
        1 << flag as u16
    }
}

impl FromIterator<RunFlag> for RunFlags {
    fn from_iter<I: IntoIterator<Item = RunFlag>>(flags: I) -> Self {
        let mut set = Self::NONE;
        flags.into_iter().for_each(|flag| set.set(flag));
        set
    }
}

impl fmt::Debug for RunFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(RunFlag::as_str)).finish()
    }
}

impl Serialize for RunFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for RunFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<RunFlag>::deserialize(deserializer).map(|flags| flags.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_names_in_json_and_bits_in_the_database() {
        let flags: RunFlags = [RunFlag::Truncated, RunFlag::DataLoss].into_iter().collect();
        assert_eq!(serde_json::to_string(&flags).unwrap(), r#"["data_loss","truncated"]"#);
        assert_eq!(
            serde_json::from_str::<RunFlags>(r#"["truncated","data_loss"]"#).unwrap(),
            flags
        );
        assert_eq!(flags.bits(), 0b1001);
        assert_eq!(RunFlags::from_bits(0x8000 | 0b1001), flags);
        assert!(flags.has(RunFlag::DataLoss) && !flags.has(RunFlag::TzAssumed));
    }
}
