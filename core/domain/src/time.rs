//! Time stamps: UTC microseconds since 1970.
//!
//! Test stations write time in every form that ISO 8601 allows, and some that it does not: with or
//! without a time zone, with nanoseconds, with a space for the `T`. They are parsed here, once; all
//! other code compares integers.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time stamp in microseconds since 1970-01-01T00:00:00Z, up to the end of the year 9999. Its
/// text always has a year of four digits, so the order of texts is the order of time.
///
/// In JSON it is `"2026-03-01T00:00:00.000000Z"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Whether a text included its time zone. The default is UTC, and the caller flags the assumption
/// (`tz_assumed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// `Z` or an offset is given.
    Stated,
    /// No time zone is given: read as UTC.
    Assumed,
}

/// Why a text is not a time. The message is for the client that sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not in the format of [`Timestamp::parse`].
    #[error("is not an ISO 8601 time such as 2026-03-01T08:00:00+08:00")]
    Form,
    /// More digits than nanoseconds have.
    #[error("has more than nine fractional digits of a second")]
    Fraction,
    /// The 30th of February, 25 o'clock, an offset of a hundred hours.
    #[error("names a day, an hour or an offset that does not exist")]
    NoSuchMoment,
    /// Outside 1970 to 9999.
    #[error("is not between the years 1970 and 9999")]
    Range,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9999-12-31T23:59:59.999999Z.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// From microseconds since 1970, if that is a year up to 9999.
    pub const fn from_micros(micros: i64) -> Result<Self, TimeError> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            Err(TimeError::Range)
        } else {
            Ok(Self(micros))
        }
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Adds a duration, up to [`Self::MAX`].
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.0.saturating_add(micros)).unwrap_or(Self::MAX)
    }

    /// Parses `YYYY-MM-DDThh:mm[:ss[.fraction]][zone]`. `T` may be a space; the fraction has up to
    /// nine digits (those after the sixth are truncated) after a point or a comma; the zone is `Z`,
    /// `UTC`, `GMT` or `±hh`, `±hhmm`, `±hh:mm`. `24:00:00` is the midnight that follows. Without a
    /// zone it is UTC and [`Zone::Assumed`]. The leap second `:60` becomes the last microsecond of
    /// its minute.
    ///
    /// ```
    /// use domain::{Timestamp, Zone};
    /// let (at, zone) = Timestamp::parse("2026-03-01T08:00:00.1234567+08:00").unwrap();
    /// assert_eq!(at.to_string(), "2026-03-01T00:00:00.123456Z");
    /// assert_eq!(zone, Zone::Stated);
    /// ```
    pub fn parse(text: &str) -> Result<(Self, Zone), TimeError> {
        let mut rest = Rest(text.trim().as_bytes());
        let year = rest.digits(4)?;
        rest.one_of(b"-")?;
        let month = rest.digits(2)?;
        rest.one_of(b"-")?;
        let day = rest.digits(2)?;
        rest.one_of(b"Tt ")?;
        let hour = rest.digits(2)?;
        rest.one_of(b":")?;
        let minute = rest.digits(2)?;
        let mut second = 0;
        let mut micros = 0;
        if rest.one_of(b":").is_ok() {
            second = rest.digits(2)?;
            if rest.one_of(b".,").is_ok() {
                micros = rest.fraction()?;
            }
        }
        let offset_secs = rest.offset()?;
        if second == 60 {
            (second, micros) = (59, 999_999);
        }
        // ISO 8601: the end of a day is the beginning of the next.
        let ends_day = (hour, minute, second, micros) == (24, 0, 0, 0);
        let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day);
        let date = if ends_day { date.and_then(|date| date.succ_opt()) } else { date };
        let hour = if ends_day { 0 } else { hour };
        let local = date
            .and_then(|date| date.and_hms_micro_opt(hour, minute, second, micros))
            .ok_or(TimeError::NoSuchMoment)?;
        let utc = local.and_utc().timestamp_micros() - offset_secs.unwrap_or(0) * 1_000_000;
        let zone = if offset_secs.is_some() { Zone::Stated } else { Zone::Assumed };
        Ok((Self::from_micros(utc)?, zone))
    }
}

/// The rest of the text to parse.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn one_of(&mut self, wanted: &[u8]) -> Result<u8, TimeError> {
        match self.0.split_first() {
            Some((first, rest)) if wanted.contains(first) => {
                self.0 = rest;
                Ok(*first)
            }
            _ => Err(TimeError::Form),
        }
    }

    fn digit(&mut self) -> Result<u32, TimeError> {
        self.one_of(b"0123456789").map(|byte| u32::from(byte - b'0'))
    }

    fn digits(&mut self, count: usize) -> Result<u32, TimeError> {
        (0..count).try_fold(0, |number, _| Ok(number * 10 + self.digit()?))
    }

    /// Parses one to nine digits as microseconds.
    fn fraction(&mut self) -> Result<u32, TimeError> {
        let mut micros = self.digit()? * 100_000;
        let mut place = 10_000;
        for _ in 1..9 {
            let Ok(digit) = self.digit() else {
                return Ok(micros);
            };
            micros += digit * place;
            place /= 10;
        }
        if self.digit().is_ok() { Err(TimeError::Fraction) } else { Ok(micros) }
    }

    /// Parses the offset from UTC in seconds, up to the end of the text; `None` without a zone.
    fn offset(&mut self) -> Result<Option<i64>, TimeError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        // Python's str() leaves a space before the zone, as does PostgreSQL's psql for some styles.
        let _ = self.one_of(b" ");
        if [b"UTC", b"GMT"].iter().any(|zone| self.0.eq_ignore_ascii_case(*zone)) {
            return Ok(Some(0));
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ if self.0.is_empty() => return Ok(Some(0)),
            _ => return Err(TimeError::Form),
        };
        let hours = self.digits(2)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            let _ = self.one_of(b":");
            self.digits(2)?
        };
        if !self.0.is_empty() {
            return Err(TimeError::Form);
        }
        if hours > 23 || minutes > 59 {
            return Err(TimeError::NoSuchMoment);
        }
        Ok(Some(sign * i64::from(hours * 3600 + minutes * 60)))
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        // chrono represents every value of the type, so the default is never used.
        DateTime::from_timestamp_micros(at.0).unwrap_or_default()
    }
}

impl TryFrom<DateTime<Utc>> for Timestamp {
    type Error = TimeError;

    fn try_from(at: DateTime<Utc>) -> Result<Self, TimeError> {
        Self::from_micros(at.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&DateTime::from(*self).to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    /// Strict: a time in this program's JSON includes its zone. Texts from outside are parsed by
    /// [`Timestamp::parse`], which reports whether the zone was assumed.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        match Self::parse(&text) {
            Ok((at, Zone::Stated)) => Ok(at),
            Ok((_, Zone::Assumed)) => Err(de::Error::custom("the time names no zone")),
            Err(why) => Err(de::Error::custom(format_args!("the time {why}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(input: &str) -> Result<(String, Zone), TimeError> {
        Timestamp::parse(input).map(|(at, zone)| (at.to_string(), zone))
    }

    #[test]
    fn equivalent_time_formats_are_equal() {
        for same in [
            "2026-03-01T00:00:00Z",
            "2026-02-28T24:00:00Z",
            "2026-03-01 00:00:00 UTC",
            "2026-03-01T00:00:00 GMT",
            "2026-03-01t00:00:00z",
            "2026-03-01 00:00:00Z",
            "2026-03-01T08:00:00+08:00",
            "2026-03-01T08:00:00+0800",
            "2026-03-01T08:00+08",
            "2026-02-28T18:30:00.000-05:30",
            "2026-03-01 00:00:00 +00:00",
            " 2026-03-01T00:00:00,000000000-00:00 ",
        ] {
            assert_eq!(
                text(same),
                Ok(("2026-03-01T00:00:00.000000Z".into(), Zone::Stated)),
                "{same}"
            );
        }
    }

    #[test]
    fn a_time_without_a_zone_is_utc_and_says_that_it_was_assumed() {
        let expected = Ok(("2022-01-05T06:37:41.211845Z".into(), Zone::Assumed));
        assert_eq!(text("2022-01-05T06:37:41.211845017"), expected);
    }

    #[test]
    fn digits_past_the_microsecond_are_cut_not_rounded() {
        assert_eq!(
            text("2021-07-02T00:42:39.999999999Z").unwrap().0,
            "2021-07-02T00:42:39.999999Z"
        );
        assert_eq!(text("2021-07-02T00:42:39.5Z").unwrap().0, "2021-07-02T00:42:39.500000Z");
        assert_eq!(text("2021-07-02T00:42:39.0123456789Z"), Err(TimeError::Fraction));
    }

    #[test]
    fn a_leap_second_is_the_last_microsecond_of_its_minute() {
        assert_eq!(text("2016-12-31T23:59:60Z").unwrap().0, "2016-12-31T23:59:59.999999Z");
        assert_eq!(text("2016-12-31T23:59:61Z"), Err(TimeError::NoSuchMoment));
    }

    #[test]
    fn only_the_years_1970_to_9999_in_utc_are_accepted() {
        assert_eq!(text("1970-01-01T00:00:00Z").unwrap().0, "1970-01-01T00:00:00.000000Z");
        assert_eq!(text("1970-01-01T00:00:00+00:01"), Err(TimeError::Range));
        assert_eq!(text("9999-12-31T23:59:59.999999Z").unwrap().0, Timestamp::MAX.to_string());
        assert_eq!(text("9999-12-31T23:59:59-00:01"), Err(TimeError::Range));
        assert_eq!(text("0001-01-01T00:00:00Z"), Err(TimeError::Range));
    }

    #[test]
    fn malformed_times_are_refused() {
        for (input, why) in [
            ("", TimeError::Form),
            ("2026-03-01", TimeError::Form),
            ("20260301T000000Z", TimeError::Form),
            ("2026-03-01T00:00:00.Z", TimeError::Form),
            ("2026-03-01T00:00:00ZZ", TimeError::Form),
            ("2026-03-01T00:00:00+8", TimeError::Form),
            ("1740787200", TimeError::Form),
            ("٢٠٢٦-03-01T00:00:00Z", TimeError::Form),
            ("2026-02-29T00:00:00Z", TimeError::NoSuchMoment),
            ("2026-03-01T24:00:01Z", TimeError::NoSuchMoment),
            ("2026-03-01T24:01:00Z", TimeError::NoSuchMoment),
            ("2026-03-01T00:00:00 UTC+8", TimeError::Form),
            ("2026-03-01T00:00:00+24:00", TimeError::NoSuchMoment),
        ] {
            assert_eq!(text(input), Err(why), "{input}");
        }
    }

    #[test]
    fn json_is_rfc_3339_with_microseconds_and_insists_on_a_zone() {
        let at = Timestamp::from_micros(1_772_323_200_000_001).unwrap();
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, "\"2026-03-01T00:00:00.000001Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        assert!(serde_json::from_str::<Timestamp>("\"2026-03-01T00:00:00\"").is_err());
    }

    #[test]
    fn chrono_conversions_round_trip() {
        let at = Timestamp::from_micros(1_772_323_200_000_001).unwrap();
        assert_eq!(Timestamp::try_from(DateTime::from(at)), Ok(at));
    }
}
