//! The page in a state, and how it is counted.

use charts::Markup;
use domain::yields::Aborted;
use engine::explore::Explorer;

use super::State;
use crate::choices::{DAYS, DEFINITIONS};
use crate::ui::html::segment;
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::number;

/// The page as text: of charts that are in this very state.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    /// The charts.
    pub explorer: &'a Explorer,
    /// What they show.
    pub state: &'a State,
    /// Whether a range is dragged: meanwhile marks have neither links nor tooltips.
    pub dragging: bool,
}

impl<'a> Board<'a> {
    /// The page as it is read.
    #[must_use]
    pub const fn new(explorer: &'a Explorer, state: &'a State) -> Self {
        Self { explorer, state, dragging: false }
    }
}

impl Board<'_> {
    /// Period, definition, aborted runs.
    #[must_use]
    pub fn choices(&self) -> Markup {
        let State { days, definition, .. } = *self.state;
        let aborted = self.state.basis().aborted();
        let t = use_locale();
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
        let usual = Aborted::default_for(definition);
        let abortions = [
            (Aborted::Counted, "Aborted count", "Aborted runs are attempts that did not pass"),
            (Aborted::Excluded, "Aborted left out", "Aborted runs are no attempts"),
        ];
        let abortions = abortions.map(|(of, name, title)| {
            let told = Some(of).filter(|of| *of != usual);
            (of == aborted, self.state.with(|state| state.aborted = told), name, title)
        });
        [
            segment("Period", &periods),
            segment("Definition of the yield", &definitions),
            segment("Aborted runs", &abortions),
        ]
        .into_iter()
        .collect()
    }

    /// How many runs there are, for the line that says how fast.
    #[must_use]
    pub fn runs(&self) -> String {
        number::of(self.explorer.frame().runs().into(), "run", "runs")
    }
}
