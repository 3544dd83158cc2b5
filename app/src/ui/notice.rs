//! Flash notice: the result of a form, shown once on the next page. The server selects one of
//! these fixed sentences; a link cannot inject a text.

use leptos::prelude::*;
use messages::Locale;

use super::locale::use_locale;

/// The result of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A file was received, and at least one record is stored.
    Arrived,
    /// A file was received, and it contained no usable data.
    Unusable,
    /// Several files were received.
    AllArrived,
    /// The stored file of an upload was reprocessed.
    Replayed,
    /// It was reprocessed and gave no usable data.
    ReplayedNothing,
    /// A run was voided.
    RunVoided,
    /// A voided run was restored.
    RunRestored,
    /// The unit type was set.
    KindSet,
    /// The unit type was reset to automatic.
    KindLeft,
    /// A view was saved.
    ViewSaved,
    /// The view was not saved: the name is taken.
    ViewNameTaken,
    /// The view was not saved: the maximum number of views is reached.
    ViewsFull,
    /// A saved view was removed.
    ViewRemoved,
}

type Sentence = fn(Locale) -> &'static str;

const ALL: [(Notice, &str, Sentence); 13] = [
    (Notice::Arrived, "arrived", Locale::notice_arrived),
    (Notice::Unusable, "unusable", Locale::notice_unusable),
    (Notice::AllArrived, "all-arrived", Locale::notice_all_arrived),
    (Notice::Replayed, "replayed", Locale::notice_replayed),
    (Notice::ReplayedNothing, "replayed-nothing", Locale::notice_replayed_nothing),
    (Notice::RunVoided, "run-voided", Locale::notice_run_voided),
    (Notice::RunRestored, "run-restored", Locale::notice_run_restored),
    (Notice::KindSet, "kind-set", Locale::notice_kind_set),
    (Notice::KindLeft, "kind-left", Locale::notice_kind_left),
    (Notice::ViewSaved, "view-saved", Locale::notice_view_saved),
    (Notice::ViewNameTaken, "view-name-taken", Locale::notice_view_name_taken),
    (Notice::ViewsFull, "views-full", Locale::notice_views_full),
    (Notice::ViewRemoved, "view-removed", Locale::notice_view_removed),
];

impl Notice {
    /// Its code in the cookie.
    #[must_use]
    pub fn code(self) -> &'static str {
        ALL.iter().find(|(notice, ..)| *notice == self).map_or("", |(_, code, _)| code)
    }

    /// Parses a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == code).map(|(notice, ..)| *notice)
    }

    fn text(self, t: Locale) -> &'static str {
        ALL.iter().find(|(notice, ..)| *notice == self).map_or("", |(_, _, text)| text(t))
    }

    fn is_good(self) -> bool {
        !matches!(
            self,
            Self::Unusable | Self::ReplayedNothing | Self::ViewNameTaken | Self::ViewsFull
        )
    }
}

/// The notice of this page as a dialog over its content. Closing it needs no script.
pub(crate) fn dialog() -> Option<impl IntoView> {
    let notice: Notice = use_context()?;
    let t = use_locale();
    let (class, mark) =
        if notice.is_good() { ("notice good", "●") } else { ("notice warn", "◆") };
    Some(view! {
        <dialog class=class open aria-label=t.notice_label()>
            <p role="status"><span aria-hidden="true">{mark}</span>{notice.text(t)}</p>
            <form method="dialog"><button class="quiet">{t.dialog_close()}</button></form>
        </dialog>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_known_by_its_code_and_no_other_is() {
        for (notice, code, text) in ALL {
            assert_eq!(Notice::of(code), Some(notice));
            assert_eq!((notice.code(), notice.text(Locale::En)), (code, text(Locale::En)));
        }
        assert_eq!(Notice::of("<b>you won</b>"), None);
    }
}
