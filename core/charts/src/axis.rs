//! Axes of fractions, in percent.

use crate::figure::Figure;

/// The visible range of an axis of 0 to 100 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    from_percent: u32,
    width_percent: u32,
    steps: u32,
}

/// Widths of the range in percentage points, each with the number of steps that gives round ticks.
const WIDTHS: [(u32, u32); 7] = [(1, 5), (2, 4), (5, 5), (10, 5), (20, 4), (40, 4), (50, 5)];

impl Span {
    /// 0 to 100 %.
    pub(crate) const WHOLE: Self = Self { from_percent: 0, width_percent: 100, steps: 5 };

    /// From a round fraction at or below the lowest up to one: figures near one are shown in
    /// detail, and none is clipped. The axis shows positions, not lengths, so it may begin above
    /// zero.
    pub(crate) fn up_to_one(lowest: f64) -> Self {
        let fits = WIDTHS.into_iter().find(|(width, _)| fraction(100 - width) <= lowest);
        fits.map_or(Self::WHOLE, |(width_percent, steps)| Self {
            from_percent: 100 - width_percent,
            width_percent,
            steps,
        })
    }

    /// From zero up to a round fraction at or above the highest: for small fractions, and for
    /// lengths.
    pub(crate) fn from_zero(highest: f64) -> Self {
        let fits = WIDTHS.into_iter().find(|(width, _)| fraction(*width) >= highest);
        fits.map_or(Self::WHOLE, |(width_percent, steps)| Self {
            from_percent: 0,
            width_percent,
            steps,
        })
    }

    /// The range that contains every interval: the upper end, the lower end, or all of 0 to 100 %.
    pub(crate) fn enclosing(figures: impl Iterator<Item = Figure>) -> Self {
        let ends = figures.fold(None, |ends: Option<(f64, f64)>, figure| {
            let (low, high) = ends.unwrap_or((figure.low, figure.high));
            Some((low.min(figure.low), high.max(figure.high)))
        });
        match ends {
            None => Self::WHOLE,
            Some((low, _)) if low >= 0.5 => Self::up_to_one(low),
            Some((_, high)) => Self::from_zero(high),
        }
    }

    /// The fraction at the start of the axis.
    pub(crate) fn from(self) -> f64 {
        fraction(self.from_percent)
    }

    /// The fraction at the end of the axis.
    pub(crate) fn to(self) -> f64 {
        fraction(self.from_percent + self.width_percent)
    }

    /// Ticks at round fractions with their labels; if space is short, only the ends and the middle.
    pub(crate) fn ticks(self, is_wide: bool) -> impl Iterator<Item = (f64, String)> {
        let steps = if is_wide { self.steps } else { 2 };
        let digits = usize::from(!self.width_percent.is_multiple_of(steps));
        (0..=steps).map(move |step| {
            let width = f64::from(self.width_percent * step) / f64::from(steps);
            let percent = f64::from(self.from_percent) + width;
            (percent / 100.0, format!("{percent:.digits$} %"))
        })
    }

    /// Scales a fraction to a pixel between `from` and `to`.
    pub(crate) fn pixel(self, fraction: f64, from: i32, to: i32) -> i32 {
        let along = (fraction - self.from()) / (self.to() - self.from());
        from + (along * f64::from(to - from)).round() as i32
    }
}

fn fraction(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(span: Span, is_wide: bool) -> Vec<String> {
        span.ticks(is_wide).map(|(_, label)| label).collect()
    }

    #[test]
    fn the_axis_holds_every_interval() {
        assert_eq!(Span::up_to_one(0.86).from(), 0.8);
        assert_eq!(Span::up_to_one(0.07), Span::WHOLE);
        assert_eq!(Span::up_to_one(1.0).from(), 0.99);
        let figure = |low, high| Figure { value: low, low, high };
        assert_eq!(Span::enclosing([figure(0.01, 0.04), figure(0.0, 0.03)].into_iter()).to(), 0.05);
        assert_eq!(
            Span::enclosing([figure(0.91, 0.93), figure(0.96, 1.0)].into_iter()).from(),
            0.9
        );
        assert_eq!(Span::enclosing([figure(0.1, 0.2), figure(0.8, 0.9)].into_iter()), Span::WHOLE);
        assert_eq!(Span::enclosing([].into_iter()), Span::WHOLE);
    }

    #[test]
    fn a_label_has_the_number_of_its_tick() {
        let spans = (0..=100).map(|low| Span::up_to_one(f64::from(low) / 100.0));
        for span in spans.chain([0.01, 0.02, 0.3].map(Span::from_zero)) {
            for (tick, label) in [true, false].into_iter().flat_map(|is_wide| span.ticks(is_wide)) {
                let said: f64 = label.trim_end_matches(" %").parse().unwrap();
                assert!((said / 100.0 - tick).abs() < 1e-12, "{label} at {tick}");
            }
        }
        assert_eq!(labels(Span::up_to_one(0.95), false), ["95.0 %", "97.5 %", "100.0 %"]);
        assert_eq!(labels(Span::up_to_one(0.6), true)[1..3], ["70 %", "80 %"]);
    }

    #[test]
    fn the_ends_of_the_axis_are_its_end_pixels() {
        for span in [Span::WHOLE, Span::up_to_one(0.99), Span::from_zero(0.01)] {
            assert_eq!(span.pixel(span.from(), 200, 10), 200);
            assert_eq!(span.pixel(span.to(), 200, 10), 10);
        }
        assert_eq!(Span::WHOLE.ticks(true).last(), Some((1.0, "100 %".to_owned())));
    }
}
