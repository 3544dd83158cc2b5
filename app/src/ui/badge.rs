//! Badges: a symbol and a colour, never a colour alone.

use domain::{Outcome, UnitKind};
use leptos::prelude::*;

use super::label;
use super::locale::use_locale;

/// The outcome of a run.
pub(crate) fn outcome(outcome: Outcome) -> impl IntoView {
    let (class, mark) = match outcome {
        Outcome::Pass => ("badge good", "●"),
        Outcome::Fail => ("badge bad", "✕"),
        Outcome::Error => ("badge warn", "◆"),
        Outcome::Timeout => ("badge warn", "◆"),
        Outcome::Aborted => ("badge muted", "▮"),
        Outcome::Skip => ("badge muted", "○"),
    };
    view! { <span class=class><span aria-hidden="true">{mark}</span>{label::outcome(use_locale(), outcome)}</span> }
}

/// The unit type, unless it is production.
pub(crate) fn kind(kind: UnitKind) -> Option<impl IntoView> {
    (kind != UnitKind::Production)
        .then(|| view! { <span class="badge kind">{label::unit_kind(use_locale(), kind)}</span> })
}
