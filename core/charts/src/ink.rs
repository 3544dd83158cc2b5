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
    use super::{INKS, Ink};

    const TOKENS: &str = include_str!("../../../style/tokens.css");
    const RULES: &str = include_str!("../../../style/chart.css");

    #[test]
    fn every_ink_stands_at_its_number() {
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

    /// The ratio of contrast of WCAG 2.2 between two colours as #rrggbb.
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
        // Grid and band only support what is read; letters need more, and have it.
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
