//! Filters in words.

use chrono::NaiveDate;
use domain::frame::Column;
use messages::Locale;

use super::state::day;
use super::values::{Values, split_unit};
use super::{CHARTS, Filters, State};
use crate::ui::name::isolated;

/// Names that are listed; where there are more, the rest is counted.
const NAMED: usize = 4;

impl Filters {
    /// Each filter as a phrase behind "Runs", with its column; the measurement and the attribute
    /// are those of the state.
    #[must_use]
    pub fn phrases(&self, t: Locale, state: &State) -> Vec<(Column, String)> {
        // Where first, when last.
        let order = [Column::Station, Column::Operation].into_iter().chain(
            CHARTS
                .into_iter()
                .filter(|it| !matches!(it, Column::Station | Column::Operation | Column::Day)),
        );
        order.chain([Column::Day]).filter_map(|it| Some((it, self.phrase(t, it, state)?))).collect()
    }

    /// All filters in one sentence.
    #[must_use]
    pub fn sentence(&self, t: Locale, state: &State) -> String {
        let phrases: Vec<String> =
            self.phrases(t, state).into_iter().map(|(_, phrase)| phrase).collect();
        match phrases.is_empty() {
            true => t.explore_all_runs().to_owned(),
            false => t.explore_sentence(phrases.join(t.list_separator())),
        }
    }

    fn phrase(&self, t: Locale, column: Column, state: &State) -> Option<String> {
        match column {
            Column::Day => self.day.map(|(from, to)| days_phrase(t, from, to)),
            Column::Duration => self.seconds.map(|(from, to)| duration_phrase(t, from, to)),
            Column::Measured => self.values.map(|values| {
                value_phrase(t, values, state.measurement.as_deref().unwrap_or_default())
            }),
            _ => {
                let names = list(t, column, self.names(column))?;
                Some(match column {
                    Column::Operation => t.filter_operation(names),
                    Column::Station => t.filter_station(names),
                    Column::Product => t.filter_product(names),
                    Column::Fixture => t.filter_fixture(names),
                    Column::Software => t.filter_software(names),
                    Column::Attribute => t.filter_attribute(state.attribute_label(), names),
                    _ => t.filter_code(names),
                })
            }
        }
    }
}

/// "A, B or 3 more"; none of no names.
fn list(t: Locale, column: Column, names: &[String]) -> Option<String> {
    let listed = if names.len() > NAMED { NAMED - 1 } else { names.len() };
    let (listed, more) = names.split_at(listed);
    let name = |name: &String| match name.is_empty() {
        true => no_name(t, column).to_owned(),
        false => isolated(name),
    };
    let mut texts: Vec<String> = listed.iter().map(name).collect();
    if !more.is_empty() {
        texts.push(t.list_more(more.len()));
    }
    let last = texts.pop()?;
    Some(match texts.is_empty() {
        true => last,
        false => t.list_or(texts.join(t.list_separator()), last),
    })
}

/// The empty name: that of runs which have none.
pub(super) fn no_name(t: Locale, column: Column) -> &'static str {
    match column {
        Column::Operation => t.filter_operation_none(),
        Column::Station => t.filter_station_none(),
        Column::Product => t.filter_product_none(),
        Column::Fixture => t.filter_fixture_none(),
        Column::Software => t.filter_software_none(),
        Column::Attribute => t.filter_attribute_none(),
        _ => t.filter_code_none(),
    }
}

fn days_phrase(t: Locale, from: NaiveDate, to: NaiveDate) -> String {
    match from == to {
        true => t.filter_day(day(to)),
        false => t.filter_days(day(from), day(to)),
    }
}

fn duration_phrase(t: Locale, from: u32, to: Option<u32>) -> String {
    match (from, to) {
        (0, Some(to)) => t.filter_duration_below(format_duration(to)),
        (from, Some(to)) => t.filter_duration(format_duration(from), format_duration(to)),
        (from, None) => t.filter_duration_from(format_duration(from)),
    }
}

fn value_phrase(t: Locale, values: Values, measurement: &str) -> String {
    let (name, unit) = split_unit(measurement);
    let (name, unit) = (isolated(name), unit.map(isolated));
    match values == Values::default() {
        true => t.filter_measured(name),
        false => t.filter_value(name, values.text(t, unit.as_deref())),
    }
}

/// A duration in the unit that makes it shortest: 90 s, 5 min, 2 h.
pub(super) fn format_duration(seconds: u32) -> String {
    match seconds {
        0 => "0\u{a0}s".to_owned(),
        it if it.is_multiple_of(3600) => format!("{}\u{a0}h", it / 3600),
        it if it.is_multiple_of(60) => format!("{}\u{a0}min", it / 60),
        it => format!("{it}\u{a0}s"),
    }
}
