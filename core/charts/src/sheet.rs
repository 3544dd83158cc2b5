//! The `<svg>` element of every chart.

use crate::ink::{Ink, Palette};
use crate::markup::Markup;

/// The attributes of the element.
pub(crate) struct Sheet<'a> {
    /// Width and height in pixels.
    pub(crate) size: (u32, u32),
    /// The palette of the drawing.
    pub(crate) palette: Palette,
    /// The accessible name.
    pub(crate) label: &'a str,
    /// Whether a part of it is focusable, which the role of an image would prevent.
    pub(crate) focusable: bool,
}

impl Sheet<'_> {
    /// The element around `content`. A file has a white background.
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
