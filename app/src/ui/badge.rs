//! Words that stand out: a mark and a colour, never a colour alone.

use domain::{Outcome, UnitKind};
use leptos::prelude::*;

use super::label;
use super::locale::use_locale;

/// How a run ended.
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

/// What a unit is for, where it is not production.
pub(crate) fn kind(kind: UnitKind) -> Option<impl IntoView> {
    (kind != UnitKind::Production)
        .then(|| view! { <span class="badge kind">{label::unit_kind(use_locale(), kind)}</span> })
}
