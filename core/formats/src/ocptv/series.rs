//! Measurement series: a start, elements in any order, an end that counts
//! them.
//!
//! The specification gives a series an id that is unique within the run; some
//! producers start again from 0 in every step. So a series is looked for under its
//! step first, and under its id alone if one only has that id.

use std::collections::BTreeMap;

use domain::{Element, Timestamp};

use crate::out::Warnings;
use crate::reject::EN;
use crate::warning;
use crate::wording::Quoted;

/// A series that is being put together.
#[derive(Default)]
pub(super) struct Draft {
    /// The step by its id, and the id of the series.
    pub(super) step: String,
    pub(super) id: String,
    /// Where its start put it: step and measurement. Without, its start never came.
    pub(super) place: Option<(usize, usize)>,
    pub(super) line: u64,
    pub(super) ended_at: Option<Timestamp>,
    elements: Vec<Read>,
    total: Option<u64>,
    late: bool,
}

/// An element, and the whole number that its value rounds.
pub(super) type Read = (Element, Option<i128>);

/// Something of a series whose start has not come yet.
struct Early {
    step: String,
    id: String,
    line: u64,
    what: Part,
}

enum Part {
    Element(Read),
    End { total: u64, at: Timestamp },
}

/// All series of a run.
#[derive(Default)]
pub(super) struct Series {
    drafts: Vec<Draft>,
    by_step: BTreeMap<(String, String), usize>,
    early: Vec<Early>,
}

impl Series {
    /// A start. One with an id that was used before takes over the id.
    pub(super) fn start(&mut self, step: String, id: String, place: (usize, usize), line: u64) {
        self.by_step.insert((step.clone(), id.clone()), self.drafts.len());
        self.drafts.push(Draft { step, id, place: Some(place), line, ..Draft::default() });
    }

    /// An element.
    pub(super) fn element(&mut self, step: String, id: String, element: Read, line: u64) {
        self.add(step, id, line, Part::Element(element));
    }

    /// An end.
    pub(super) fn end(&mut self, step: String, id: String, total: u64, at: Timestamp, line: u64) {
        self.add(step, id, line, Part::End { total, at });
    }

    fn add(&mut self, step: String, id: String, line: u64, what: Part) {
        let key = (step, id);
        match self.by_step.get(&key).and_then(|at| self.drafts.get_mut(*at)) {
            Some(draft) => draft.add(what),
            None => self.early.push(Early { step: key.0, id: key.1, line, what }),
        }
    }

    /// Every series with its elements in order, and whether something of one
    /// is missing. `run_ended`: a series of a run that was cut off need not
    /// have ended.
    pub(super) fn whole(
        mut self,
        run_ended: bool,
        warnings: &mut Warnings,
    ) -> (Vec<(Draft, Vec<Read>)>, bool) {
        for Early { step, id, line, what } in std::mem::take(&mut self.early) {
            let at = self.found(&step, &id).unwrap_or_else(|| {
                let why = EN.warning_series_without_start(Quoted(&id));
                warnings.add(line, warning::SERIES_WITHOUT_START, why);
                self.by_step.insert((step.clone(), id.clone()), self.drafts.len());
                self.drafts.push(Draft { step, id, line, ..Draft::default() });
                self.drafts.len() - 1
            });
            if let Some(draft) = self.drafts.get_mut(at) {
                draft.add(what);
            }
        }
        let mut lost = false;
        let whole = self
            .drafts
            .into_iter()
            .map(|draft| draft.whole(run_ended, warnings, &mut lost))
            .collect();
        (whole, lost)
    }

    fn found(&self, step: &str, id: &str) -> Option<usize> {
        let exact = self.by_step.get(&(step.to_owned(), id.to_owned()));
        let mut named = self.by_step.iter().filter(|((_, known), _)| known == id);
        exact.copied().or_else(|| match (named.next(), named.next()) {
            (Some((_, only)), None) => Some(*only),
            _ => None,
        })
    }
}

impl Draft {
    fn add(&mut self, what: Part) {
        match what {
            Part::Element(element) => {
                self.late |= self.total.is_some();
                self.elements.push(element);
            }
            Part::End { total, at } => {
                // Of several ends the first is the one.
                self.total.get_or_insert(total);
                self.ended_at.get_or_insert(at);
            }
        }
    }

    fn whole(
        mut self,
        run_ended: bool,
        warnings: &mut Warnings,
        lost: &mut bool,
    ) -> (Self, Vec<Read>) {
        let mut elements = std::mem::take(&mut self.elements);
        elements.sort_by_key(|(element, _)| element.index);
        let name = Quoted(&self.id);
        let count = elements.len() as u64;
        match self.total {
            Some(total) if total != count => {
                let why = EN.warning_series_count(&name, count, total);
                warnings.add(self.line, warning::SERIES_COUNT, why);
                *lost = true;
            }
            None if run_ended => {
                let why = EN.warning_series_without_end(&name);
                warnings.add(self.line, warning::SERIES_WITHOUT_END, why);
                *lost = true;
            }
            _ => {}
        }
        if self.late {
            let why = EN.warning_series_element_late(&name);
            warnings.add(self.line, warning::SERIES_ELEMENT_LATE, why);
        }
        *lost |= self.place.is_none();
        (self, elements)
    }
}
