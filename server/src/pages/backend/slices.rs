//! The slice of a page as a question.

use app::slice::Slice;
use chrono::{Days, NaiveDate};
use domain::dimension::{Dimension, Filters};
use domain::yields::{Bound, previous};
use engine::metrics::yields::Basis;
use store::yields::Question;

/// The first day of a period and the day after its last; none for everything.
pub(super) type Window = Option<(NaiveDate, NaiveDate)>;

/// How the runs of a slice count.
pub(super) fn basis(slice: &Slice) -> Basis {
    Basis { definition: slice.definition, aborted: None }
}

/// What a slice asks of a window, undivided.
pub(super) fn question(slice: &Slice, window: Window) -> Question {
    let basis = basis(slice);
    let mut filters = Filters::default();
    for (name, value) in &slice.filters {
        if let Some(dimension) = Dimension::parse_filter(name) {
            filters.add(dimension, value.clone());
        }
    }
    Question {
        from: window.map(|(first, _)| Bound::Day(first)),
        to: window.map(|(_, after)| Bound::Day(after)),
        filters,
        group_by: Vec::new(),
        definition: basis.definition,
        aborted: basis.aborted(),
    }
}

/// The first and the last day of a window, which ends today where it would end later.
pub(super) fn ends(window: Window, today: NaiveDate) -> Option<(String, String)> {
    let (first, after) = window?;
    let last = after.checked_sub_days(Days::new(1)).unwrap_or(after);
    let last = if first <= today { last.min(today) } else { last };
    Some((first.to_string(), last.to_string()))
}

/// The same question of a period and the equally long one before it, so that what is new in the
/// period can be compared with what was there before.
pub(super) fn with_previous(question: &Question) -> Question {
    let before = question.from.zip(question.to).and_then(|(from, to)| previous(from, to));
    let from = before.map(|(from, _)| from).or(question.from);
    Question { from, ..question.clone() }
}

/// The first and the last day of a question, where it has ends.
pub(super) fn days_of(question: &Question, today: NaiveDate) -> Option<(String, String)> {
    let day = |bound: Option<Bound>| match bound {
        Some(Bound::Day(day)) => Some(day),
        Some(Bound::At(_)) | None => None,
    };
    ends(day(question.from).zip(day(question.to)), today)
}
