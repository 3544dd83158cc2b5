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
    /// The surface between the ends of intervals; too pale to be seen without its edges.
    Band,
    /// The edges of that surface.
    Edge,
    /// A length that counts.
    Bar,
    /// The sum of the bars so far.
    Cumulative,
    /// What passed.
    Good,
    /// What failed.
    Bad,
    /// What could not be judged.
    Warn,
    /// What is not to be compared with the rest.
    Muted,
    /// Letters that lead somewhere.
    Link,
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

// Hues after Okabe and Ito, "Color Universal Design" (2008), which people with any kind of
// colour vision tell apart; orange and purple are darker, to stand out from white by 3:1.
const INKS: [(Ink, &str, &str); 14] = [
    (Ink::Axis, "ink-axis", "#6b7280"),
    (Ink::Grid, "ink-grid", "#e5e7eb"),
    (Ink::Label, "ink-label", "#374151"),
    (Ink::Figure, "ink-figure", "#0b62a8"),
    (Ink::Interval, "ink-interval", "#0b62a8"),
    (Ink::Band, "ink-band", "#dcebf7"),
    (Ink::Edge, "ink-edge", "#5c94c4"),
    (Ink::Bar, "ink-bar", "#0072b2"),
    (Ink::Cumulative, "ink-cumulative", "#b5538b"),
    (Ink::Good, "ink-good", "#009e73"),
    (Ink::Bad, "ink-bad", "#d55e00"),
    (Ink::Warn, "ink-warn", "#b07a00"),
    (Ink::Muted, "ink-muted", "#6b7280"),
    (Ink::Link, "ink-link", "#374151"),
];

impl Ink {
    /// What a file is drawn on.
    pub(crate) const PAPER: &str = "#ffffff";

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
