//! The plotters backend: SVG with classes or literal colours. Text is positioned with the crate's
//! own character widths.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::text;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Writes SVG elements to `body`.
pub(crate) struct Svg<'a> {
    body: &'a mut String,
    size: (u32, u32),
    palette: Palette,
}

impl<'a> Svg<'a> {
    pub(crate) fn new(body: &'a mut String, size: (u32, u32), palette: Palette) -> Self {
        Self { body, size, palette }
    }

    fn element(
        &mut self,
        shape: std::fmt::Arguments<'_>,
        color: BackendColor,
        property: &str,
    ) -> Drawn {
        if color.alpha > 0.0 {
            let ink = Ink::attribute(color, self.palette, property);
            // Writing to a String cannot fail.
            let _ = writeln!(self.body, "<{shape} {ink}/>");
        }
        Ok(())
    }
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.element(
            format_args!("rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\""),
            color,
            "fill",
        )
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (width, height) = (right - left, bottom - top);
        let property = if fill { "fill" } else { "stroke" };
        self.element(
            format_args!("rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\""),
            style.color(),
            property,
        )
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let mut d = String::new();
        for (x, y) in path {
            let _ = write!(d, "{}{x} {y}", if d.is_empty() { "M" } else { "L" });
        }
        let width = style.stroke_width();
        // Hairlines are centered on a pixel; otherwise they blur over two.
        let half = if width % 2 == 1 { " transform=\"translate(.5 .5)\"" } else { "" };
        self.element(
            format_args!("path d=\"{d}\" stroke-width=\"{width}\"{half}"),
            style.color(),
            "stroke",
        )
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let place = format!("circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
        if fill {
            return self.element(format_args!("{place}"), style.color(), "fill");
        }
        let width = style.stroke_width();
        self.element(format_args!("{place} stroke-width=\"{width}\""), style.color(), "stroke")
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Drawn {
        let mut points = String::new();
        for (x, y) in vertices {
            let _ = write!(points, "{x},{y} ");
        }
        self.element(
            format_args!("polygon points=\"{}\"", points.trim_end()),
            style.color(),
            "fill",
        )
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        content: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // The center of a digit is about a third of the font size above the baseline.
        let down = style.size()
            * match style.anchor().v_pos {
                VPos::Top => 0.8,
                VPos::Center => 0.35,
                VPos::Bottom => -0.1,
            };
        let y = f64::from(y) + down;
        let ink = Ink::attribute(style.color(), self.palette, "fill");
        let size = style.size();
        let text = Markup::text(content);
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" {ink}>{text}</text>"
        );
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        content: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text::width(content, style.size());
        Ok((width as u32 + 1, style.size() as u32 + 1))
    }
}
