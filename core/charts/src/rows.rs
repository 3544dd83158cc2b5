//! The layout of charts with rows: each has its label on the left and one target over all of it.

use plotters::style::text_anchor::HPos;

use crate::ink::{Ink, Palette};
use crate::pen::{Pen, TEXT_SIZE};
use crate::target::Target;
use crate::text;

/// Pixels from one row to the next; the minimum size of a touch target is 24.
pub(crate) const ROW_HEIGHT: i32 = 28;

/// The maximum number of rows that are drawn.
pub(crate) const MAX_ROWS: usize = 500;

/// The label of a row.
pub(crate) struct Name<'a> {
    /// The text.
    pub(crate) label: &'a str,
    /// The tooltip and accessible name.
    pub(crate) title: &'a str,
    /// The link.
    pub(crate) href: Option<&'a str>,
}

/// The width of the labels in pixels, up to nine twentieths of the chart: a truncated label no
/// longer matches the name of its link.
pub(crate) fn label_room<'a>(labels: impl Iterator<Item = &'a str>, width: u32) -> i32 {
    let widest = labels.map(|label| text::width(label, TEXT_SIZE)).fold(0.0, f64::max);
    (widest + 16.0).min(f64::from(width) * 0.45) as i32
}

impl Name<'_> {
    /// Writes the label, right-aligned before `room` and truncated to fit, and the row's target.
    pub(crate) fn write(
        &self,
        out: &mut String,
        (width, top, height): (u32, i32, i32),
        room: i32,
        palette: Palette,
    ) {
        let leads = self.href.is_some() && palette == Palette::Page;
        let ink = if leads { Ink::Link } else { Ink::Label };
        let label = text::fit(self.label, TEXT_SIZE, f64::from(room) - 12.0);
        let mut inner = String::new();
        let mut pen = Pen::new(&mut inner, (width, height as u32), palette);
        pen.text(&label, (room - 10, top + height / 2), HPos::Right, ink);
        if leads {
            // The link has the full name; screen readers skip the truncated label.
            inner = format!("<g aria-hidden=\"true\">{}</g>\n", inner.trim_end());
        }
        let area = (0, top, width as i32, height);
        let target = Target { area, title: self.title, href: self.href, focus: false };
        target.write(out, palette, &inner);
    }
}
