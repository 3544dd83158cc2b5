//! Reference files, and the maximum error against them.

#![allow(dead_code, reason = "each test program uses a part of it")]

use serde_json::Value;
use std::path::PathBuf;

/// A committed file in `tests/data`.
pub(crate) fn carried(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    read(&path).unwrap_or_else(|| panic!("{} is missing", path.display()))
}

/// A whole grid of the shared data; prints a note and returns `None` if absent.
pub(crate) fn shared(name: &str) -> Option<Value> {
    shared_file(&format!("stats_grids/{name}"))
}

/// A file of the shared data; prints a note and returns `None` if absent.
pub(crate) fn shared_file(name: &str) -> Option<Value> {
    shared_text(name).map(|text| serde_json::from_str(&text).unwrap())
}

/// The text of a file of the shared data; prints a note and returns `None` if absent.
pub(crate) fn shared_text(name: &str) -> Option<String> {
    let root = std::env::var_os("FIRSTPASS_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data").join(name);
    let found = std::fs::read_to_string(&path).ok();
    if found.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    found
}

/// All numbers of an array.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn read(path: &std::path::Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The rows of a table.
pub(crate) fn rows<'a>(file: &'a Value, table: &str) -> &'a [Value] {
    file[table].as_array().unwrap()
}

/// A number, written as a JSON number or as a string of digits.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(digits) => digits.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

/// The maximum error of a comparison.
#[derive(Default)]
pub(crate) struct Worst {
    error: f64,
    at: String,
    count: usize,
}

impl Worst {
    /// |got − truth| / |truth|.
    pub(crate) fn relative(&mut self, got: f64, truth: f64, at: impl Fn() -> String) {
        let error = if got == truth { 0.0 } else { ((got - truth) / truth).abs() };
        self.note(error, got, truth, at);
    }

    /// |got − truth|.
    pub(crate) fn absolute(&mut self, got: f64, truth: f64, at: impl Fn() -> String) {
        self.note((got - truth).abs(), got, truth, at);
    }

    fn note(&mut self, error: f64, got: f64, truth: f64, at: impl Fn() -> String) {
        self.count += 1;
        // A NaN error is the worst.
        if self.error.is_nan() || error <= self.error {
            return;
        }
        self.error = error;
        self.at = format!("{}: got {got:e}, truth {truth:e}", at());
    }

    /// Prints the maximum error; fails if it exceeds `limit` or nothing was compared.
    pub(crate) fn within(self, limit: f64, what: &str) {
        let Self { error, at, count } = self;
        eprintln!("{what}: {count} values, largest error {error:.2e} at {at}");
        assert!(count > 0, "{what}: nothing was compared");
        assert!(error <= limit, "{what}: error {error:e} > {limit:e} at {at}");
    }
}
