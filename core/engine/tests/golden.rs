//! Golden test: the bits computed by the host equal the committed ones; `golden/run.mjs` does the
//! same for wasm32. `GOLDEN_RENEW=1` rewrites the file.

#[path = "../golden/cases.rs"]
mod cases;

use std::collections::HashSet;
use std::fmt::Write as _;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/golden.txt");

#[test]
fn golden_bits_on_the_host_are_the_committed_ones() {
    let mut computed =
        String::from("# name, tab, bits of the double in hexadecimal; renewed as README.md says\n");
    for case in cases::cases() {
        writeln!(computed, "{}\t{:016x}", case.name, case.value.to_bits()).unwrap();
    }
    if std::env::var_os("GOLDEN_RENEW").is_some() {
        std::fs::write(PATH, &computed).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap();
    let different: Vec<_> = committed
        .lines()
        .zip(computed.lines())
        .filter(|(committed, computed)| committed != computed)
        .collect();
    assert!(different.is_empty(), "committed and computed: {different:#?}");
    assert_eq!(committed.lines().count(), computed.lines().count());
}

#[test]
fn golden_cases_have_distinct_names_and_a_value() {
    let cases = cases::cases();
    let names: HashSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len());
    for case in &cases {
        assert!(!case.value.is_nan(), "{} is NaN", case.name);
        assert!(!case.name.contains(['\t', '\n']), "{}", case.name);
    }
}
