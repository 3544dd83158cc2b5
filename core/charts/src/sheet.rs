//! The `<svg>` around the marks, the same for every chart.

use crate::ink::{Ink, Palette};
use crate::markup::Markup;

/// What the element says of itself.
pub(crate) struct Sheet<'a> {
    /// Pixels across and down.
    pub(crate) size: (u32, u32),
    /// Of all that is drawn on it.
    pub(crate) palette: Palette,
    /// What it shows, for who cannot see it.
    pub(crate) label: &'a str,
    /// Whether something on it takes the focus: an image's parts cannot.
    pub(crate) focusable: bool,
}

impl Sheet<'_> {
    /// The element around `content`. A file has white paper under it.
    pub(crate) fn around(&self, content: &str) -> Markup {
        let (width, height) = self.size;
        let role = if self.focusable { "group" } else { "img" };
        let label = Markup::text(self.label);
        let paper = match self.palette {
            Palette::Page => String::new(),
            Palette::Fixed => {
                format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", Ink::PAPER)
            }
        };
        Markup::trusted(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" stroke-linejoin=\"round\" role=\"{role}\" aria-label=\"{label}\">\n{paper}{content}</svg>"
        ))
    }
}
