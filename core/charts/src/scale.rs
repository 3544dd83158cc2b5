//! Axes of numbers: where they begin and end, and their ticks at round numbers.
//!
//! Powers of ten are products, so that server and browser place the same ticks.

/// An axis from one number to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Ticks are multiples of `digit` · 10^`exponent`.
    digit: f64,
    exponent: i32,
}

/// Ticks of these digits, times powers of ten.
const DIGITS: [f64; 3] = [1.0, 2.0, 5.0];
/// The largest power of ten that is written out.
const MOST_DIGITS: i32 = 9;

impl Scale {
    /// An axis that holds `low` to `high` with a little room at both ends and about `most`
    /// ticks (2 to 20). What is not finite gives an axis from 0 to 1.
    pub(crate) fn around(low: f64, high: f64, most: usize) -> Self {
        let (low, high) =
            if low.is_finite() && high.is_finite() { (low, high) } else { (0.0, 1.0) };
        let (low, high) = (low.min(high), low.max(high));
        let range = high - low;
        // Equal numbers, or a range that the doubles cannot divide, still need an axis.
        let least = (low.abs().max(high.abs()) * 1e-9).max(1e-12);
        let room = if range > least { range * 0.04 } else { (low.abs() * 0.05).max(least * 10.0) };
        let (from, to) = (low - room, high + room);
        let rough = (to - from) / most.clamp(2, 20) as f64;
        let mut exponent = 0;
        while exponent > -300 && power(exponent) > rough {
            exponent -= 1;
        }
        while exponent < 300 && power(exponent + 1) <= rough {
            exponent += 1;
        }
        let fits = |digit: &&f64| **digit * power(exponent) >= rough;
        let fitting = DIGITS.iter().find(fits).copied();
        let (digit, exponent) = fitting.map_or((1.0, exponent + 1), |digit| (digit, exponent));
        Self { from, to, digit, exponent }
    }

    /// The round numbers on the axis, ascending, with their labels.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        let step = self.digit * power(self.exponent);
        let first = (self.from / step).ceil();
        let mut ticks = Vec::new();
        for place in 0..40 {
            let multiple = (first + f64::from(place)) * self.digit;
            let tick = match self.exponent {
                exponent if exponent < 0 => multiple / power(-exponent),
                exponent => multiple * power(exponent),
            };
            if tick > self.to {
                break;
            }
            ticks.push((tick, self.label(tick)));
        }
        ticks
    }

    fn label(&self, tick: f64) -> String {
        let decimals = usize::try_from(-self.exponent).unwrap_or(0);
        let text = match self.exponent {
            -6..=MOST_DIGITS => format!("{:.decimals$}", tick.abs()),
            _ => format!("{:e}", tick.abs()),
        };
        if tick < 0.0 { format!("−{text}") } else { text }
    }

    /// The pixel of a number where the axis runs from one to another; of a number beyond an
    /// end that end.
    pub(crate) fn pixel(&self, number: f64, from: i32, to: i32) -> i32 {
        let along = ((number - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        from + (along * f64::from(to - from)).round() as i32
    }

    /// The number at a pixel.
    pub(crate) fn number(&self, pixel: f64, from: i32, to: i32) -> f64 {
        let along = (pixel - f64::from(from)) / f64::from(to - from).max(1.0);
        self.from + along * (self.to - self.from)
    }
}

fn power(exponent: i32) -> f64 {
    let size = (0..exponent.unsigned_abs()).fold(1.0, |product, _| product * 10.0);
    if exponent < 0 { 1.0 / size } else { size }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    fn labels(low: f64, high: f64, most: usize) -> Vec<String> {
        Scale::around(low, high, most).ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_say_no_other_number() {
        assert_eq!(labels(0.0, 1.0, 5), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(71.3, 88.9, 6), ["75", "80", "85"]);
        assert_eq!(labels(-0.021, 0.013, 4), ["−0.02", "−0.01", "0.00", "0.01"]);
        for (low, high) in [(0.0, 3e12), (1e-9, 2e-9), (-5.0, 1e6), (0.1, 0.1000001)] {
            for (tick, label) in Scale::around(low, high, 6).ticks() {
                let said: f64 = label.replace('−', "-").parse().unwrap();
                assert!((said - tick).abs() <= 1e-9 * tick.abs().max(1e-12), "{label} at {tick}");
            }
        }
    }

    #[test]
    fn every_number_has_a_pixel() {
        for (low, high) in [(5.0, 5.0), (0.0, 0.0), (f64::NAN, 1.0), (3.0, -3.0)] {
            let scale = Scale::around(low, high, 5);
            assert!(scale.from < scale.to, "{low} {high}");
            assert!(!scale.ticks().is_empty(), "{low} {high}");
        }
        let scale = Scale::around(0.0, 10.0, 5);
        assert_eq!(scale.pixel(-5.0, 40, 240), 40);
        assert_eq!(scale.pixel(5.0, 40, 240), 140);
        assert!((scale.number(140.0, 40, 240) - 5.0).abs() < 1e-12);
    }
}
