//! Colours by what they are for. plotters knows only RGB, so each ink travels through it
//! as a colour of its own and is named again when the SVG is written.

use plotters::style::RGBColor;
use plotters_backend::BackendColor;

/// What a line or a shape is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Axis lines and ticks.
    Axis,
    /// Lines of the grid.
    Grid,
    /// Letters and digits.
    Label,
    /// The measured figure.
    Figure,
    /// Its interval.
    Interval,
}

/// How inks become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// As classes that the page's style sheet colours: light, dark and print without a
    /// new drawing.
    Page,
    /// As literal colours on white, for files that leave the page.
    Fixed,
}

const INKS: [(Ink, &str, &str); 5] = [
    (Ink::Axis, "ink-axis", "#6b7280"),
    (Ink::Grid, "ink-grid", "#e5e7eb"),
    (Ink::Label, "ink-label", "#374151"),
    (Ink::Figure, "ink-figure", "#0b62a8"),
    (Ink::Interval, "ink-interval", "#0b62a8"),
];

impl Ink {
    pub(crate) fn color(self) -> RGBColor {
        RGBColor(0, 0, self as u8)
    }

    /// The attribute that colours a stroke or a filling.
    pub(crate) fn attribute(color: BackendColor, palette: Palette, property: &str) -> String {
        let ink = INKS.get(usize::from(color.rgb.2)).unwrap_or(&INKS[0]);
        match palette {
            Palette::Page => format!("class=\"{} {property}\"", ink.1),
            Palette::Fixed if property == "stroke" => format!("fill=\"none\" stroke=\"{}\"", ink.2),
            Palette::Fixed => format!("fill=\"{}\"", ink.2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::INKS;

    #[test]
    fn every_ink_stands_at_its_number() {
        for (place, (ink, ..)) in INKS.iter().enumerate() {
            assert_eq!(*ink as usize, place);
        }
    }
}
