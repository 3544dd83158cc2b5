//! Drawing primitives of the charts, in whole pixels.
//!
//! They call the backend directly: marks are already in pixels, so they need none of plotters'
//! coordinates and elements, each of which would be another generic instantiation.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, ShapeStyle};
use plotters_backend::DrawingBackend as _;

use crate::ink::{Ink, Palette};
use crate::svg::Svg;

/// Pixels from the left and from the top.
pub(crate) type Pixel = (i32, i32);

/// The size of all letters, in pixels.
pub(crate) const TEXT_SIZE: f64 = 13.0;

/// Draws on a sheet. The backend is infallible, so no method returns an error.
pub(crate) struct Pen<'a>(Svg<'a>);

impl<'a> Pen<'a> {
    pub(crate) fn new(body: &'a mut String, size: (u32, u32), palette: Palette) -> Self {
        Self(Svg::new(body, size, palette))
    }

    /// A line through the points, `width` pixels wide.
    pub(crate) fn line(&mut self, points: &[Pixel], ink: Ink, width: u32) {
        let style = ShapeStyle { stroke_width: width, ..stroke(ink) };
        let _ = self.0.draw_path(points.iter().copied(), &style);
    }

    /// A filled polygon.
    pub(crate) fn area(&mut self, corners: &[Pixel], ink: Ink) {
        let _ = self.0.fill_polygon(corners.iter().copied(), &stroke(ink));
    }

    /// A filled rectangle.
    pub(crate) fn bar(&mut self, from: Pixel, to: Pixel, ink: Ink) {
        let _ = self.0.draw_rect(from, to, &stroke(ink), true);
    }

    /// The outline of a rectangle.
    pub(crate) fn frame(&mut self, from: Pixel, to: Pixel, ink: Ink) {
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        self.line(&corners, ink, 1);
    }

    /// A filled circle.
    pub(crate) fn dot(&mut self, middle: Pixel, radius: u32, ink: Ink) {
        let _ = self.0.draw_circle(middle, radius, &stroke(ink), true);
    }

    /// A circle outline, two pixels wide.
    pub(crate) fn ring(&mut self, middle: Pixel, radius: u32, ink: Ink) {
        let style = ShapeStyle { stroke_width: 2, ..stroke(ink) };
        let _ = self.0.draw_circle(middle, radius, &style, false);
    }

    /// A text whose left, center or right is at the pixel, vertically centered.
    pub(crate) fn text(&mut self, content: &str, at: Pixel, side: HPos, ink: Ink) {
        // Looking the font up by name would link the lower-case tables of Unicode.
        let font = FontDesc::new(FontFamily::SansSerif, TEXT_SIZE, FontStyle::Normal);
        let style = font.color(&ink.color()).pos(Pos::new(side, VPos::Center));
        let _ = self.0.draw_text(content, &style, at);
    }
}

fn stroke(ink: Ink) -> ShapeStyle {
    ink.color().stroke_width(1)
}
