//! Sentences about causes, which several pages say.

use domain::dimension::Dimension;
use messages::Locale;

use crate::backend::LimitChange;
use crate::ui::name::isolated;
use crate::ui::number;

/// A value of a dimension within a sentence: `on fixture F-1`, `with shift N`.
pub(super) fn place(t: Locale, dimension: &str, value: &str) -> String {
    let value = isolated(value);
    match dimension.parse() {
        Ok(Dimension::Field(field)) => format!("{} {value}", field.entry().phrase),
        Ok(Dimension::Attribute(name)) => t.stands_with_attribute(isolated(name.as_str()), value),
        Err(_) => value,
    }
}

/// The dimension as a noun.
pub(super) fn dimension(name: &str) -> String {
    match name.parse() {
        Ok(Dimension::Field(field)) => field.entry().label.to_owned(),
        Ok(Dimension::Attribute(name)) => isolated(name.as_str()),
        Err(_) => isolated(name),
    }
}

/// Limits as `≥ 400`, `≤ 95`, `10 to 20`.
pub(super) fn limits(t: Locale, (low, high): (Option<f64>, Option<f64>)) -> String {
    match (low.map(number::value), high.map(number::value)) {
        (Some(low), Some(high)) => t.limits_between(low, high, ""),
        (Some(low), None) => t.limits_from(low, ""),
        (None, Some(high)) => t.limits_up_to(high, ""),
        (None, None) => t.limits_none().to_owned(),
    }
}

/// That a limit changed, from what to what, since when and with which software.
pub(super) fn limit_change(t: Locale, change: &LimitChange) -> String {
    let parameter = isolated(&change.parameter);
    let (before, after) = (limits(t, change.before), limits(t, change.after));
    let softwares: Vec<_> = change.softwares.iter().map(|it| isolated(it)).collect();
    match softwares.is_empty() {
        true => t.limit_changed(parameter, before, after, &change.since),
        false => {
            t.limit_changed_with(parameter, before, after, &change.since, softwares.join(", "))
        }
    }
}
