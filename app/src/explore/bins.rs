//! Histograms: of how long runs took, and of what was measured in them.

use charts::brush::Brush;
use charts::histogram::{self, Bin};
use charts::{Markup, Palette};
use domain::frame::Column;
use engine::explore::{Explorer, are_logarithmic, have_zero_bin};
use engine::proportion::Proportion;

use super::figures::sum;
use super::sentence::span;
use super::values::spoken;
use super::{BINNED, Board, Filters, Values};
use crate::ui::name::isolated;
use crate::ui::number;

/// The first and the last bin that the range of a column touches; none where there is no
/// range, or no bin.
pub(super) fn bins(
    explorer: &Explorer,
    filters: &Filters,
    column: Column,
) -> Option<(usize, usize)> {
    match column {
        Column::Duration => {
            let (from, to) = filters.seconds?;
            touched(explorer.durations(), Some(from), to)
        }
        _ => {
            let Values { from, to } = filters.values?;
            touched(explorer.frame().bins(), from, to)
        }
    }
}

fn touched<T: PartialOrd>(edges: &[T], from: Option<T>, to: Option<T>) -> Option<(usize, usize)> {
    let many = Some(edges.len()).filter(|many| *many > 0)?;
    let until = |from: T| edges.iter().filter(|edge| **edge <= from).count();
    let before = |to: T| edges.iter().filter(|edge| **edge < to).count();
    let first = from.map_or(0, until).saturating_sub(1);
    let last = to.map_or(many, before).saturating_sub(1);
    Some((first, last.max(first)))
}

/// The seconds from the beginning of one bin to the end of another.
fn seconds(explorer: &Explorer, (first, last): (usize, usize)) -> Option<(u32, Option<u32>)> {
    let edges = explorer.durations();
    Some((*edges.get(first)?, edges.get(last + 1).copied()))
}

/// The values from one bin to another. The first also has what is below it.
fn values(explorer: &Explorer, (first, last): (usize, usize)) -> Option<Values> {
    let edges = explorer.frame().bins();
    let from = *edges.get(first)?;
    Some(Values { from: Some(from).filter(|_| first > 0), to: edges.get(last + 1).copied() })
}

/// Filters by the bins from one to another, or by none.
pub(super) fn choose(
    explorer: &Explorer,
    filters: &mut Filters,
    column: Column,
    bins: Option<(usize, usize)>,
) {
    match column {
        Column::Duration => filters.seconds = bins.and_then(|bins| seconds(explorer, bins)),
        _ => filters.values = bins.and_then(|bins| values(explorer, bins)),
    }
}

impl Board<'_> {
    /// Filters as they are applied: ranges of durations and of values by whole bins, or not at
    /// all where they are not known of these runs.
    pub(super) fn applied(&self, filters: &Filters) -> Filters {
        let mut applied = filters.clone();
        for column in BINNED {
            if !self.answers(column) {
                applied.clear(column);
            } else if let bins @ Some(_) = bins(self.explorer, filters, column) {
                choose(self.explorer, &mut applied, column, bins);
            }
        }
        applied
    }

    /// How many bins a column has.
    pub(super) fn many_bins(&self, column: Column) -> usize {
        match column {
            Column::Duration => self.explorer.durations().len(),
            _ => self.explorer.frame().bins().len(),
        }
    }

    pub(super) fn draw_bins(&self, column: Column, width: u32, palette: Palette) -> Markup {
        let all = self.explorer.by(column);
        let (keys, across) = self.axis(column);
        let bar = |(key, it): (String, &Proportion)| Bin { key, n: it.n };
        let bars: Vec<Bin> = keys.into_iter().zip(&all).map(bar).collect();
        let selected = bins(self.explorer, &self.state.filters, column);
        let link = |first: usize, last: usize| {
            let yielded = sum(all[first..=last].iter().copied());
            let label = self.bin(column, first, last);
            let says = self.says(&label, yielded, selected == Some((first, last)));
            (says, self.choosing_bins(column, first, last))
        };
        let axes = histogram::Axes { across: &across, up: "Counted" };
        histogram::render(&bars, axes, &Brush { selected, link: &link }, width, palette)
    }

    /// Where bins begin, and what the axis says they are.
    fn axis(&self, column: Column) -> (Vec<String>, String) {
        if column == Column::Measured {
            let (name, unit) = spoken(self.measurement());
            let unit = unit.map(|unit| format!(", {}", isolated(unit))).unwrap_or_default();
            let name = isolated(name);
            let edges = self.explorer.frame().bins();
            let scale = match (are_logarithmic(edges), have_zero_bin(edges)) {
                (true, true) => ", logarithmic scale, 0 in a bin of its own",
                (true, false) => ", logarithmic scale",
                _ => "",
            };
            let keys = edges.iter().map(|edge| number::value(*edge));
            return (keys.collect(), format!("{name}{unit}{scale}"));
        }
        let edges = self.explorer.durations();
        let (unit, name) = match edges.get(1).copied().unwrap_or(60) {
            step if step.is_multiple_of(3600) => (3600, "hours"),
            step if step.is_multiple_of(60) => (60, "minutes"),
            _ => (1, "seconds"),
        };
        let keys = edges.iter().map(|edge| (edge / unit).to_string());
        (keys.collect(), format!("Duration of the run, {name}"))
    }

    /// What is in some bins.
    pub(super) fn bin(&self, column: Column, first: usize, last: usize) -> String {
        if column == Column::Measured {
            let values = values(self.explorer, (first, last)).unwrap_or_default();
            return values.said(spoken(self.measurement()).1.map(isolated).as_deref());
        }
        match seconds(self.explorer, (first, last)) {
            Some((from, Some(to))) => format!("{} to {}", span(from), span(to)),
            Some((from, None)) => format!("{} or longer", span(from)),
            None => String::new(),
        }
    }

    pub(super) fn choosing_bins(
        &self,
        column: Column,
        first: usize,
        last: usize,
    ) -> Option<String> {
        let range = Some((first, last));
        let range =
            range.filter(|it| bins(self.explorer, &self.state.filters, column) != Some(*it));
        self.leading(|state| choose(self.explorer, &mut state.filters, column, range))
    }
}
