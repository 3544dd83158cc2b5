//! Points in time and durations.

use leptos::prelude::*;
use messages::Locale;

use crate::model::At;

/// A point in time in the site's local time; the attribute `datetime` has the exact UTC time.
pub(crate) fn at(at: &At) -> impl IntoView + use<> {
    let moment = at.moment.to_string();
    let local = at.local.clone();
    view! { <time datetime=moment.clone() title=moment>{local}</time> }
}

/// A duration, rounded to seconds, minutes, or hours and minutes.
pub(crate) fn duration(t: Locale, seconds: u64) -> String {
    match seconds {
        0..60 => t.duration_seconds(seconds),
        60..3600 => t.duration_minutes((seconds + 30) / 60),
        _ => t.duration_hours(seconds / 3600, format!("{:02}", seconds % 3600 / 60)),
    }
}

#[cfg(test)]
mod tests {
    use messages::Locale;

    use super::duration;

    #[test]
    fn a_duration_has_two_figures_at_most() {
        assert_eq!(duration(Locale::En, 59), "59\u{a0}s");
        assert_eq!(duration(Locale::En, 61), "1\u{a0}min");
        assert_eq!(duration(Locale::En, 3_720), "1\u{a0}h 02\u{a0}min");
    }
}
