//! Moments.

use leptos::prelude::*;

use crate::backend::At;

/// A moment on the site's clocks; the exact one is in its attribute.
pub(crate) fn at(at: &At) -> impl IntoView + use<> {
    let moment = at.moment.to_string();
    let local = at.local.clone();
    view! { <time datetime=moment.clone() title=moment>{local}</time> }
}

/// So many seconds, as people say them.
pub(crate) fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}\u{a0}s"),
        60..3600 => format!("{}\u{a0}min", (seconds + 30) / 60),
        _ => format!("{}\u{a0}h {:02}\u{a0}min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_duration_has_two_figures_at_most() {
        assert_eq!(duration(59), "59\u{a0}s");
        assert_eq!(duration(61), "1\u{a0}min");
        assert_eq!(duration(3_720), "1\u{a0}h 02\u{a0}min");
    }
}
