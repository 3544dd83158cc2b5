//! What just happened, said once on the next page. The server names one of these
//! sentences; nobody else has a say in what stands there.

use leptos::prelude::*;
use messages::Locale;

use super::locale::use_locale;

/// What there is to say after something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A file was sent, and something in it is kept.
    Arrived,
    /// A file was sent, and nothing in it could be used.
    Unusable,
    /// Several files were sent.
    AllArrived,
    /// The bytes of an upload were read again.
    Replayed,
    /// They were, and nothing came of it.
    ReplayedNothing,
    /// A run was taken out of the figures.
    RunVoided,
    /// A run was taken back into them.
    RunRestored,
    /// A person said what a unit is for.
    KindSet,
    /// The data say it again.
    KindLeft,
    /// A slice has a name.
    ViewSaved,
    /// It has none, for another has it.
    ViewNameTaken,
    /// It has none, for there are too many.
    ViewsFull,
    /// A name is gone.
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
    /// Its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        ALL.iter().find(|(notice, ..)| *notice == self).map_or("", |(_, code, _)| code)
    }

    /// The notice of that name.
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

/// What is to be said on this page, over its content, until it is closed: that needs no
/// script.
pub(crate) fn told() -> Option<impl IntoView> {
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
