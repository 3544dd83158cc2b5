//! What just happened, said once on the next page. The server names one of these
//! sentences; nobody else has a say in what stands there.

use leptos::prelude::*;

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

const ALL: [(Notice, &str, &str); 13] = [
    (Notice::Arrived, "arrived", "The file arrived. This is what came of it."),
    (
        Notice::Unusable,
        "unusable",
        "The file arrived, but nothing in it could be used. The reasons are below.",
    ),
    (
        Notice::AllArrived,
        "all-arrived",
        "All files arrived. Their receipts are marked in the list.",
    ),
    (
        Notice::Replayed,
        "replayed",
        "The file was read again. What came of it now stands in place of what came before.",
    ),
    (
        Notice::ReplayedNothing,
        "replayed-nothing",
        "Nothing came of reading the file again, so everything stays as it was. The reasons are below.",
    ),
    (
        Notice::RunVoided,
        "run-voided",
        "The run is voided. It no longer counts, and every figure has followed.",
    ),
    (Notice::RunRestored, "run-restored", "The run counts again, and every figure has followed."),
    (
        Notice::KindSet,
        "kind-set",
        "It is written down what this unit is for, and every figure has followed.",
    ),
    (
        Notice::KindLeft,
        "kind-left",
        "The data say again what this unit is for, and every figure has followed.",
    ),
    (Notice::ViewSaved, "view-saved", "The view is saved, for everybody at this partner."),
    (
        Notice::ViewNameTaken,
        "view-name-taken",
        "The view was not saved: there is one of that name. Choose another name, or remove that one first.",
    ),
    (
        Notice::ViewsFull,
        "views-full",
        "The view was not saved: a partner has a hundred at most. Remove one that nobody needs.",
    ),
    (Notice::ViewRemoved, "view-removed", "The view is removed."),
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

    fn text(self) -> &'static str {
        ALL.iter().find(|(notice, ..)| *notice == self).map_or("", |(_, _, text)| text)
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
    let (class, mark) =
        if notice.is_good() { ("notice good", "●") } else { ("notice warn", "◆") };
    Some(view! {
        <dialog class=class open aria-label="What just happened">
            <p role="status"><span aria-hidden="true">{mark}</span>{notice.text()}</p>
            <form method="dialog"><button class="quiet">"Close"</button></form>
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
            assert_eq!((notice.code(), notice.text()), (code, text));
        }
        assert_eq!(Notice::of("<b>you won</b>"), None);
    }
}
