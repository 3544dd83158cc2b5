//! Warnings about runs that start long before the partner was added or long before all its
//! other runs: clocks that were set to a wrong year, later than the one that no clock shows.

use domain::Timestamp;

use crate::problem::EN;

const YEAR_MICROS: i64 = 365 * 86_400 * 1_000_000;
/// History that is imported is younger than this when a partner is added.
const BEFORE_PARTNER_MICROS: i64 = 5 * YEAR_MICROS;
const BEFORE_OTHERS_MICROS: i64 = YEAR_MICROS;

/// What the starts of an upload are compared with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// When the partner was added.
    pub(super) added: Timestamp,
    /// When the first of its runs started, of those with a clock that was set.
    pub(super) first: Option<Timestamp>,
}

/// Lines whose run starts too early, each with a sentence. `starts` are lines and starts of the
/// runs of an upload. Sorts, so the work is n·log n.
pub(super) fn early(starts: &[(u64, Timestamp)], known: Known) -> Vec<(u64, String)> {
    let next = next_of_most(starts);
    let of = |(line, at): &(u64, Timestamp)| {
        if formats::warning::is_clock_unset(*at) {
            return None; // which the format has a warning for
        }
        let before = |other: Timestamp, micros| at.micros() < other.micros().saturating_sub(micros);
        let why = if before(known.added, BEFORE_PARTNER_MICROS) {
            EN.warning_early_start_partner(*at, known.added)
        } else if let Some(first) = known.first.filter(|first| before(*first, BEFORE_OTHERS_MICROS))
        {
            EN.warning_early_start_others(*at, first)
        } else if let Some(next) = next.filter(|next| *at < *next) {
            EN.warning_early_start_upload(*at, next)
        } else {
            return None;
        };
        Some((*line, why))
    };
    starts.iter().filter_map(of).collect()
}

/// The first start after the last gap of more than a year that has no more runs before it than
/// behind it.
fn next_of_most(starts: &[(u64, Timestamp)]) -> Option<Timestamp> {
    let mut times: Vec<Timestamp> = starts.iter().map(|(_, at)| *at).collect();
    times.sort_unstable();
    let pairs = times.iter().zip(times.iter().skip(1)).take(times.len() / 2);
    let mut gaps = pairs.filter(|(at, next)| next.micros() - at.micros() > BEFORE_OTHERS_MICROS);
    gaps.next_back().map(|(_, next)| *next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        domain::Timestamp::parse(&format!("{text}T00:00:00Z")).unwrap().0
    }

    fn lines(starts: &[&str], first: Option<&str>) -> Vec<u64> {
        let starts: Vec<_> = (1..).zip(starts.iter().map(|text| at(text))).collect();
        let known = Known { added: at("2026-11-01"), first: first.map(at) };
        early(&starts, known).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn a_start_long_before_the_partner_or_its_other_runs_is_found() {
        assert_eq!(lines(&["2020-01-01", "2026-11-02"], None), [1], "before the partner");
        assert_eq!(lines(&["2024-01-01"], Some("2025-06-01")), [1], "before what is kept");
        assert_eq!(lines(&["2024-01-01"], Some("2024-06-01")), [] as [u64; 0]);
        assert_eq!(lines(&["2026-11-02", "2023-01-01", "2026-11-03"], None), [2], "in the upload");
        assert_eq!(lines(&["2023-01-01", "2026-11-02"], None), [1]);
        // Old history with one new run is not odd.
        assert_eq!(lines(&["2023-01-01", "2023-01-02", "2026-11-02"], None), [] as [u64; 0]);
        assert_eq!(lines(&["1970-01-01"], None), [] as [u64; 0], "has a warning already");
        assert_eq!(lines(&[], None), [] as [u64; 0]);
    }
}
