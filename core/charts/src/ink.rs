//! Semantic colours. plotters knows only RGB, so each ink is encoded as a unique RGB colour, which
//! is decoded when the SVG is written.

use plotters::style::RGBColor;
use plotters_backend::BackendColor;

/// The purpose of a line or a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Axis lines and ticks.
    Axis,
    /// Grid lines.
    Grid,
    /// Text.
    Label,
    /// The measured figure.
    Figure,
    /// Its interval.
    Interval,
    /// The confidence band; too pale to be visible without its edges.
    Band,
    /// The edges of the confidence band.
    Edge,
    /// A bar of a value that counts.
    Bar,
    /// The cumulative sum of the bars.
    Cumulative,
    /// A pass.
    Good,
    /// A failure.
    Bad,
    /// No result: an error or a timeout.
    Warn,
    /// Data that cannot be compared with the others.
    Muted,
    /// Text of a link.
    Link,
}

/// The representation of inks in the SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// As classes for the page's style sheet: the same drawing works in light and dark mode and in
    /// print.
    Page,
    /// As literal colours on white, for exported files.
    Fixed,
}

// Hues after Okabe and Ito, "Color Universal Design" (2008), which are distinguishable with any
// kind of colour vision; orange and purple are darker, for a contrast with white of at least 3:1.
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
    /// The background of a file.
    pub(crate) const PAPER: &str = "#ffffff";

    pub(crate) fn color(self) -> RGBColor {
        RGBColor(0, 0, self as u8)
    }

    /// The attribute of a stroke or a fill.
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
    use super::{INKS, Ink};

    const TOKENS: &str = include_str!("../../../style/tokens.css");
    const RULES: &str = include_str!("../../../style/chart.css");

    #[test]
    fn every_ink_is_at_its_index() {
        for (place, (ink, ..)) in INKS.iter().enumerate() {
            assert_eq!(*ink as usize, place);
        }
    }

    #[test]
    fn every_ink_has_a_rule_on_the_page() {
        for (_, class, _) in INKS {
            assert!(RULES.contains(&format!(".{class}.")), "{class}");
        }
    }

    /// The contrast ratio of WCAG 2.2 between two colours as #rrggbb.
    fn contrast(one: &str, other: &str) -> f64 {
        let channel = |color: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |color: &str| {
            0.2126 * channel(color, 1) + 0.7152 * channel(color, 3) + 0.0722 * channel(color, 5)
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn marks_stand_out_from_what_they_are_drawn_on() {
        // Grid and band are only supporting; text needs a higher contrast, and has it.
        let supports = [Ink::Grid, Ink::Band];
        for (ink, class, color) in INKS.iter().filter(|(ink, ..)| !supports.contains(ink)) {
            let least = if matches!(ink, Ink::Label | Ink::Link) { 4.5 } else { 3.0 };
            assert!(contrast(color, Ink::PAPER) >= least, "{class} in a file");
        }
        let (light, dark) = TOKENS.split_once("@media (prefers-color-scheme: dark)").unwrap();
        for theme in [light, dark] {
            let tokens: Vec<_> =
                theme.lines().filter_map(|line| line.trim().split_once(": #")).collect();
            let token = |name: &str| {
                let (_, hex) = tokens.iter().find(|(token, _)| *token == name).unwrap();
                format!("#{}", hex.trim_end_matches(';'))
            };
            let card = token("--card");
            for (name, hex) in &tokens {
                if name.starts_with("--mark-") && *name != "--mark-band" {
                    let ratio = contrast(&format!("#{}", hex.trim_end_matches(';')), &card);
                    assert!(ratio >= 3.0, "{name} on {card}: {ratio:.2}");
                }
            }
            assert!(contrast(&token("--accent"), &token("--mark-band")) >= 3.0);
        }
    }
}
