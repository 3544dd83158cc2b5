//! The page in a state, and the choices of how runs are counted.

use charts::Markup;
use domain::yields::Aborted;
use engine::explore::Explorer;
use messages::Locale;

use super::State;
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::html::segment;
use crate::ui::label;
use crate::ui::locale::use_locale;

/// Renders the page from an explorer that is in the same state.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    /// The counts.
    pub explorer: &'a Explorer,
    /// The state that they are in.
    pub state: &'a State,
    /// Whether a range is dragged: meanwhile marks have neither links nor tooltips.
    pub dragging: bool,
    /// The language of the page.
    pub(crate) t: Locale,
}

impl<'a> Board<'a> {
    /// While nothing is dragged, in the language of the page.
    #[must_use]
    pub fn new(explorer: &'a Explorer, state: &'a State) -> Self {
        Self { explorer, state, dragging: false, t: use_locale() }
    }
}

impl Board<'_> {
    /// The segmented controls: period, definition, aborted runs.
    #[must_use]
    pub fn choices(&self) -> Markup {
        let State { days, definition, .. } = *self.state;
        let aborted = self.state.basis().aborted();
        let t = self.t;
        let names = DAYS.map(|of| label::period(t, of));
        let periods: Vec<_> = DAYS
            .into_iter()
            .zip(&names)
            .map(|(of, name)| {
                (of == days, self.state.with(|state| state.days = of), name.as_str(), "")
            })
            .collect();
        let definitions = DEFINITIONS.map(|of| {
            let (name, title) = (label::definition(t, of), label::definition_meaning(t, of));
            (of == definition, self.state.with(|state| state.definition = of), name, title)
        });
        let default = Aborted::default_for(definition);
        let choices = [
            (Aborted::Counted, t.explore_aborted_count(), t.explore_aborted_count_meaning()),
            (Aborted::Excluded, t.explore_aborted_exclude(), t.explore_aborted_exclude_meaning()),
        ];
        let choices = choices.map(|(of, name, title)| {
            let chosen = Some(of).filter(|of| *of != default);
            (of == aborted, self.state.with(|state| state.aborted = chosen), name, title)
        });
        [
            segment(t.period_label(), &periods),
            segment(t.definition_label(), &definitions),
            segment(t.explore_aborted(), &choices),
        ]
        .into_iter()
        .collect()
    }

    /// The number of runs with its noun.
    #[must_use]
    pub fn runs(&self) -> String {
        self.t.count_runs(self.explorer.frame().runs().into())
    }
}
