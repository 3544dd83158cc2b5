//! Box plots side by side: one row a group, over one axis of numbers.

use plotters::style::text_anchor::HPos;

use crate::ink::{Ink, Palette};
use crate::markup::Markup;
use crate::pen::{Pen, TEXT_SIZE};
use crate::scale::Scale;
use crate::sheet::Sheet;
use crate::target::{Target, are_focusable};
use crate::text;

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The ends of the whiskers.
    pub whiskers: (f64, f64),
    /// First quartile, median and third quartile.
    pub quartiles: (f64, f64, f64),
    /// The mean.
    pub mean: f64,
    /// What is shown on hovering, in a sentence.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
}

const ROW: i32 = 30;
const TOP: i32 = 8;
const BELOW: i32 = 48;
const MARGIN: i32 = 12;
/// Half the height of a box.
const HALF: i32 = 8;
/// The largest part of the width that names may take.
const MOST_NAME: f64 = 0.36;

/// Draws the groups in the order given, `width` pixels wide (240 to 4000): a box from the first
/// to the third quartile with a line at the median, whiskers, and a dot at the mean. `limits`
/// that are near the groups are vertical lines.
#[must_use]
pub fn render(
    groups: &[Group],
    limits: &[f64],
    across: &str,
    width: u32,
    palette: Palette,
) -> Markup {
    let bottom = TOP + ROW * groups.len() as i32;
    let size = (width.clamp(240, 4000), (bottom + BELOW) as u32);
    let most = f64::from(size.0) * MOST_NAME;
    let names: Vec<String> =
        groups.iter().map(|group| text::fit(&group.name, TEXT_SIZE, most)).collect();
    let widest = names.iter().map(|name| text::width(name, TEXT_SIZE)).fold(0.0, f64::max);
    let (left, right) = (widest as i32 + 12, size.0 as i32 - MARGIN);
    let scale = scale(groups, limits, ((right - left) / 90).max(2) as usize);
    let x = |number: f64| scale.pixel(number, left, right);

    let mut content = String::new();
    let mut pen = Pen::new(&mut content, size, palette);
    let mut free = 0.0;
    for (tick, label) in scale.ticks() {
        let at = x(tick);
        pen.line(&[(at, TOP), (at, bottom)], Ink::Grid, 1);
        let half = text::width(&label, TEXT_SIZE) / 2.0;
        if f64::from(at) - half >= free && f64::from(at) + half <= f64::from(size.0) {
            pen.line(&[(at, bottom), (at, bottom + 4)], Ink::Axis, 1);
            pen.text(&label, (at, bottom + 14), HPos::Center, Ink::Label);
            free = f64::from(at) + half + 14.0;
        }
    }
    pen.line(&[(left, bottom), (right, bottom)], Ink::Axis, 1);
    for limit in limits.iter().filter(|limit| (scale.from..=scale.to).contains(*limit)) {
        pen.line(&[(x(*limit), TOP), (x(*limit), bottom)], Ink::Bad, 2);
    }
    for (place, (group, name)) in groups.iter().zip(&names).enumerate() {
        let y = TOP + ROW * place as i32 + ROW / 2;
        pen.text(name, (left - 8, y), HPos::Right, Ink::Label);
        let (low, high) = (x(group.whiskers.0), x(group.whiskers.1));
        let (q1, median, q3) = group.quartiles;
        pen.line(&[(low, y), (high, y)], Ink::Interval, 1);
        pen.line(&[(low, y - 4), (low, y + 4)], Ink::Interval, 1);
        pen.line(&[(high, y - 4), (high, y + 4)], Ink::Interval, 1);
        let (from, to) = ((x(q1), y - HALF), (x(q3).max(x(q1) + 1), y + HALF));
        pen.bar(from, to, Ink::Band);
        pen.frame(from, to, Ink::Edge);
        pen.line(&[(x(median), y - HALF), (x(median), y + HALF)], Ink::Figure, 2);
        pen.dot((x(group.mean), y), 3, Ink::Figure);
    }
    let (across, at) = text::centred(across, TEXT_SIZE, (left + right) / 2, size.0 as i32);
    pen.text(&across, (at, bottom + 36), HPos::Center, Ink::Label);
    let focusable = palette == Palette::Page && !groups.is_empty() && are_focusable(groups.len());
    for (place, group) in groups.iter().enumerate() {
        let area = (0, TOP + ROW * place as i32, size.0 as i32, ROW);
        let href = group.href.as_deref();
        Target { area, title: &group.title, href, focus: focusable }.write(
            &mut content,
            palette,
            "",
        );
    }
    Sheet { size, palette, label: &across, focusable }.around(&content)
}

fn scale(groups: &[Group], limits: &[f64], most: usize) -> Scale {
    let ends = groups.iter().flat_map(|group| [group.whiskers.0, group.whiskers.1, group.mean]);
    let fold = |ends: Option<(f64, f64)>, value: f64| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    };
    let (low, high) = ends.filter(|it| it.is_finite()).fold(None, fold).unwrap_or((0.0, 1.0));
    let range = high - low;
    let near = |limit: &&f64| **limit >= low - range && **limit <= high + range;
    let ends = limits.iter().filter(near).copied().fold(Some((low, high)), fold);
    let (low, high) = ends.unwrap_or((low, high));
    Scale::around(low, high, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_has_a_box_and_near_limits_are_drawn() {
        let group = |name: &str| Group {
            name: name.to_owned(),
            whiskers: (1.0, 9.0),
            quartiles: (3.0, 5.0, 6.0),
            mean: 5.2,
            title: format!("<{name}>"),
            href: Some("/x?a=1&b".to_owned()),
        };
        let groups = [group("A"), group("B")];
        let svg = render(&groups, &[9.5, 900.0], "Volts", 500, Palette::Page);
        assert_eq!(svg.matches("ink-band fill").count(), 2);
        assert_eq!(svg.matches("ink-bad stroke").count(), 1);
        assert!(svg.contains("&lt;A&gt;") && svg.contains("href=\"/x?a=1&amp;b\""));
        assert!(render(&[], &[], "Volts", 500, Palette::Fixed).contains("<svg"));
    }
}
