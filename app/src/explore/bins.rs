//! Histograms of durations and of measured values.

use charts::brush::Brush;
use charts::histogram::{self, Bin};
use charts::{Markup, Palette};
use domain::frame::Column;
use engine::explore::{Explorer, are_logarithmic, have_zero_bin};
use engine::proportion::Proportion;

use super::figures::sum;
use super::sentence::format_duration;
use super::values::split_unit;
use super::{BINNED, Board, Filters, Values};
use crate::ui::name::isolated;
use crate::ui::number;

/// The first and the last bin that the filter by a column overlaps; none where there is no
/// filter, or no bin.
pub(super) fn bins(
    explorer: &Explorer,
    filters: &Filters,
    column: Column,
) -> Option<(usize, usize)> {
    match column {
        Column::Duration => {
            let (from, to) = filters.seconds?;
            overlapping(explorer.durations(), Some(from), to)
        }
        _ => {
            let Values { from, to } = filters.values?;
            overlapping(explorer.frame().bins(), from, to)
        }
    }
}

fn overlapping<T: PartialOrd>(
    edges: &[T],
    from: Option<T>,
    to: Option<T>,
) -> Option<(usize, usize)> {
    let count = Some(edges.len()).filter(|count| *count > 0)?;
    let until = |from: T| edges.iter().filter(|edge| **edge <= from).count();
    let before = |to: T| edges.iter().filter(|edge| **edge < to).count();
    let first = from.map_or(0, until).saturating_sub(1);
    let last = to.map_or(count, before).saturating_sub(1);
    Some((first, last.max(first)))
}

/// The seconds from the beginning of one bin to the end of another.
fn seconds(explorer: &Explorer, (first, last): (usize, usize)) -> Option<(u32, Option<u32>)> {
    let edges = explorer.durations();
    Some((*edges.get(first)?, edges.get(last + 1).copied()))
}

/// The values from one bin to another. The first bin also holds all lower values.
fn values(explorer: &Explorer, (first, last): (usize, usize)) -> Option<Values> {
    let edges = explorer.frame().bins();
    let from = *edges.get(first)?;
    Some(Values { from: Some(from).filter(|_| first > 0), to: edges.get(last + 1).copied() })
}

/// Sets the filter to the bins from one to another, or removes it.
pub(super) fn select_bins(
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
    /// Filters as they are applied: ranges are rounded to whole bins, and removed where the frame
    /// lacks the column.
    pub(super) fn applied(&self, filters: &Filters) -> Filters {
        let mut applied = filters.clone();
        for column in BINNED {
            if !self.has_chart(column) {
                applied.clear(column);
            } else if let bins @ Some(_) = bins(self.explorer, filters, column) {
                select_bins(self.explorer, &mut applied, column, bins);
            }
        }
        applied
    }

    pub(super) fn bin_count(&self, column: Column) -> usize {
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
            let label = self.bins_label(column, first, last);
            let tooltip = self.tooltip(&label, yielded, selected == Some((first, last)));
            (tooltip, self.toggle_bins_href(column, first, last))
        };
        let axes = histogram::Axes { across: &across, up: self.t.column_counted() };
        histogram::render(&bars, axes, &Brush { selected, link: &link }, width, palette)
    }

    /// The lower edges of bins as labels, and the title of the axis.
    fn axis(&self, column: Column) -> (Vec<String>, String) {
        let t = self.t;
        if column == Column::Measured {
            let (name, unit) = split_unit(self.measurement());
            let name = match unit {
                Some(unit) => t.explore_axis_unit(isolated(name), isolated(unit)),
                None => isolated(name),
            };
            let edges = self.explorer.frame().bins();
            let title = match (are_logarithmic(edges), have_zero_bin(edges)) {
                (true, true) => t.explore_axis_log_zero(name),
                (true, false) => t.explore_axis_log(name),
                _ => name,
            };
            let keys = edges.iter().map(|edge| number::value(*edge));
            return (keys.collect(), title);
        }
        let edges = self.explorer.durations();
        let (unit, title) = match edges.get(1).copied().unwrap_or(60) {
            step if step.is_multiple_of(3600) => (3600, t.explore_axis_hours()),
            step if step.is_multiple_of(60) => (60, t.explore_axis_minutes()),
            _ => (1, t.explore_axis_seconds()),
        };
        let keys = edges.iter().map(|edge| (edge / unit).to_string());
        (keys.collect(), title.to_owned())
    }

    /// The range of some bins in words.
    pub(super) fn bins_label(&self, column: Column, first: usize, last: usize) -> String {
        if column == Column::Measured {
            let values = values(self.explorer, (first, last)).unwrap_or_default();
            let unit = split_unit(self.measurement()).1.map(isolated);
            return values.text(self.t, unit.as_deref());
        }
        match seconds(self.explorer, (first, last)) {
            Some((from, Some(to))) => {
                self.t.range_between(format_duration(from), format_duration(to))
            }
            Some((from, None)) => self.t.range_longer(format_duration(from)),
            None => String::new(),
        }
    }

    pub(super) fn toggle_bins_href(
        &self,
        column: Column,
        first: usize,
        last: usize,
    ) -> Option<String> {
        let range = Some((first, last));
        let range =
            range.filter(|it| bins(self.explorer, &self.state.filters, column) != Some(*it));
        self.href_with(|state| select_bins(self.explorer, &mut state.filters, column, range))
    }
}
