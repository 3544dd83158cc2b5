//! A measurement that failed, and its position relative to its limits.

use leptos::prelude::*;

use crate::backend::FailedCheck;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::number;

/// The measurement as a row of the table of its run.
#[component]
pub fn FailedMeasurement(check: FailedCheck) -> impl IntoView {
    let t = use_locale();
    let unit =
        check.unit.as_ref().map(|unit| format!("\u{a0}{}", isolated(unit))).unwrap_or_default();
    let value = match (check.value, &check.other) {
        (Some(value), _) => format!("{}{unit}", number::value(value)),
        (None, Some(other)) => isolated(other),
        (None, None) => "–".to_owned(),
    };
    let limits = match (check.low.map(number::value), check.high.map(number::value)) {
        (Some(low), Some(high)) => t.limits_between(low, high, &unit),
        (Some(low), None) => t.limits_from(low, &unit),
        (None, Some(high)) => t.limits_up_to(high, &unit),
        (None, None) => "–".to_owned(),
    };
    let drawn = positions(&check).map(|(low, high, value)| {
        // Repeats the numbers of the other cells: hidden from screen readers.
        view! {
            <svg class="limits" viewBox="0 0 100 16" width="100" height="16" aria-hidden="true">
                <line class="limits-line" x1="2" x2="98" y1="8" y2="8"/>
                <rect class="limits-band" x=low y="4" width=high - low height="8"/>
                <circle class="limits-value" cx=value cy="8" r="4"/>
            </svg>
        }
    });
    let step = t.unit_in_step(view! { <Name of=check.step/> }.into_any());
    view! {
        <tr>
            <th scope="row"><Name of=check.name/>" "<span class="quiet-text">{sentence(step)}</span></th>
            <td data-label=t.unit_measurement_of()>{check.component.map(|of| view! { <Name of/> })}</td>
            <td data-label=t.unit_measurement_value() class="num strong">{value}</td>
            <td data-label=t.unit_measurement_limits() class="num">{limits}</td>
            <td>{drawn}</td>
        </tr>
    }
}

/// Positions of the limits and the value on an axis from 0 to 100. The tolerance band is in the
/// middle, or on one side if there is only one limit.
fn positions(check: &FailedCheck) -> Option<(f64, f64, f64)> {
    let value = check.value.filter(|value| value.is_finite())?;
    let (low, high) = (check.low, check.high);
    let span = match (low, high) {
        (Some(low), Some(high)) if high > low => high - low,
        (Some(limit), None) | (None, Some(limit)) => {
            ((value - limit).abs() * 2.0).max(limit.abs() * 0.02).max(f64::MIN_POSITIVE)
        }
        _ => return None,
    };
    let middle = match (low, high) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        (Some(limit), None) => limit + span / 2.0,
        (None, Some(limit)) => limit - span / 2.0,
        (None, None) => return None,
    };
    let x = |at: f64| (50.0 + 50.0 * (at - middle) / span).clamp(4.0, 96.0);
    Some((low.map_or(2.0, x), high.map_or(98.0, x), x(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, low: Option<f64>, high: Option<f64>) -> FailedCheck {
        FailedCheck {
            step: String::new(),
            name: String::new(),
            unit: None,
            value: Some(value),
            other: None,
            low,
            high,
            component: None,
        }
    }

    #[test]
    fn a_value_beyond_a_limit_is_drawn_beyond_it() {
        let (low, high, value) = positions(&check(97.5, None, Some(95.0))).unwrap();
        assert!(low < high && high < value, "{low} {high} {value}");
        let (low, high, value) = positions(&check(1.0, Some(2.0), Some(3.0))).unwrap();
        assert!(value < low && low < high, "{low} {high} {value}");
        assert_eq!(positions(&check(f64::NAN, Some(1.0), None)), None);
        assert_eq!(positions(&check(1.0, None, None)), None);
    }
}
