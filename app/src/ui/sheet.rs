//! The data of a chart: a table on the page, and a CSV file of the same rows.

use charts::Markup;
use domain::csv;
use leptos::prelude::*;

use super::locale::use_locale;
use super::name::{Name, name};
use super::number;
use super::table::{Column, Table};
use crate::model::At;

/// A value of a cell: rounded in the table, with all digits in the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text of the program.
    Text(String),
    /// A name from the data.
    Name(String),
    /// A point in time: local time of the site in the table, UTC in the file.
    At(At),
    /// A count.
    Count(u64),
    /// A fraction, formatted in percent; `None` if the denominator is 0.
    Fraction(Option<f64>),
    /// A difference of two fractions, formatted in percentage points.
    Points(Option<f64>),
    /// A measured or computed number.
    Number(Option<f64>),
}

/// Rows with named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The column headings on the page.
    pub heads: Vec<&'static str>,
    /// The column names in the file.
    pub names: Vec<&'static str>,
    /// The rows, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The rows as CSV with a byte order mark. Fractions have all their digits; absent values are
    /// empty.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = csv::BYTE_ORDER_MARK.to_owned();
        text.push_str(&csv::line(self.names.iter().map(|name| (*name).to_owned())));
        text.extend(self.rows.iter().map(|row| csv::line(row.iter().map(Cell::kept))));
        text
    }
}

impl Cell {
    pub(crate) fn kept(&self) -> String {
        match self {
            Self::Text(text) | Self::Name(text) => text.clone(),
            Self::At(at) => at.moment.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Fraction(value) | Self::Points(value) | Self::Number(value) => {
                value.map(|value| value.to_string()).unwrap_or_default()
            }
        }
    }

    /// The formatted value as HTML.
    pub(crate) fn markup(&self) -> Markup {
        match self {
            Self::Name(of) => name(of),
            _ => Markup::text(&self.formatted()),
        }
    }

    fn view(&self) -> AnyView {
        match self {
            Self::Name(of) => view! { <Name of=of.clone()/> }.into_any(),
            _ => self.formatted().into_any(),
        }
    }

    fn formatted(&self) -> String {
        match self {
            Self::Text(text) | Self::Name(text) => text.clone(),
            Self::At(at) => at.local.clone(),
            Self::Count(count) => number::count(*count),
            Self::Fraction(value) => number::percent(*value),
            Self::Points(value) => value.map_or_else(|| "–".to_owned(), number::points),
            Self::Number(value) => {
                value.map_or_else(|| "–".to_owned(), |value| number::rounded(value, 6))
            }
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Name(_) | Self::At(_))
    }
}

/// Rows of a table on a page. A file has all.
const MOST_ROWS: usize = 500;

/// The rows as a table whose columns the reader may sort by, where they are not cut. A column
/// that is empty all the way is in the file alone.
#[component]
pub fn Rows(
    /// The accessible name of the table.
    #[prop(into)]
    label: String,
    /// The rows.
    sheet: Sheet,
) -> impl IntoView {
    let numbers = |place: usize| {
        sheet.rows.first().and_then(|row| row.get(place)).is_some_and(Cell::is_number)
    };
    let is_cut = sheet.rows.len() > MOST_ROWS;
    let is_empty = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text) | Cell::Name(text)) => text.is_empty(),
        _ => false,
    };
    // Once for each column: checking at each cell would be quadratic in the rows.
    let has_data: Vec<bool> = (0..sheet.heads.len())
        .map(|place| sheet.rows.iter().any(|row| !is_empty(row.get(place))))
        .collect();
    let has_data = |place: usize| has_data.get(place).copied().unwrap_or_default();
    let columns: Vec<_> = sheet
        .heads
        .iter()
        .enumerate()
        .filter(|(place, _)| sheet.rows.is_empty() || has_data(*place))
        .map(|(place, head)| {
            let column = match numbers(place) {
                true => Column::number(*head),
                false => Column::text(*head),
            };
            if is_cut { column } else { column.sorts() }
        })
        .collect();
    let cell = |(place, cell): (usize, &Cell)| {
        let value = cell.is_number().then(|| cell.kept());
        let text = cell.view();
        match place {
            0 => view! { <th scope="row" data-value=value>{text}</th> }.into_any(),
            _ if cell.is_number() => {
                view! { <td class="num" data-value=value>{text}</td> }.into_any()
            }
            _ => view! { <td>{text}</td> }.into_any(),
        }
    };
    let row = |row: &Vec<Cell>| {
        let cells = row.iter().enumerate().filter(|(place, _)| has_data(*place));
        view! { <tr>{cells.map(cell).collect::<Vec<_>>()}</tr> }
    };
    let rows: Vec<_> = sheet.rows.iter().take(MOST_ROWS).map(row).collect();
    let total = sheet.rows.len() as u64;
    let cut = is_cut.then(|| {
        view! { <p class="quiet-text">{use_locale().figure_rows_cut(MOST_ROWS as u64, total)}</p> }
    });
    view! { <Table label columns>{rows}</Table>{cut} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_every_digit_and_leaves_absent_values_empty() {
        let sheet = Sheet {
            heads: vec!["Code", "Runs", "Share"],
            names: vec!["code", "runs", "share"],
            rows: vec![
                vec![Cell::Text("a,b".into()), Cell::Count(1), Cell::Fraction(Some(1.0 / 3.0))],
                vec![Cell::Text("=x".into()), Cell::Count(0), Cell::Fraction(None)],
            ],
        };
        let rows = "code,runs,share\r\n\"a,b\",1,0.3333333333333333\r\n'=x,0,\r\n";
        assert_eq!(sheet.csv(), format!("\u{feff}{rows}"));
    }
}
