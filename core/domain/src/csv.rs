//! Tables for spreadsheets, as RFC 4180 has them.

/// One line with its ending. A field that a spreadsheet would take for a formula begins with
/// an apostrophe: names and codes are texts of whoever wrote the test.
///
/// ```
/// let fields = ["L6, board", "0.5", "-1", "=cmd"].map(str::to_owned);
/// assert_eq!(domain::csv::line(fields), "\"L6, board\",0.5,-1,'=cmd\r\n");
/// ```
#[must_use]
pub fn line(fields: impl IntoIterator<Item = String>) -> String {
    let fields: Vec<_> = fields.into_iter().map(quoted).collect();
    fields.join(",") + "\r\n"
}

fn quoted(field: String) -> String {
    let number = field.parse::<f64>().is_ok();
    let guarded = match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !number => format!("'{field}"),
        _ => field,
    };
    match guarded.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}
