//! Parses the numbers of passed tests from the output of test programs.
//!
//! Exit codes decide about success; these counts are informational.

use std::fmt;
use std::iter::Sum;

/// Numbers of tests by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Did what they should.
    pub(crate) passed: u64,
    /// Failed, timed out, or could not be run.
    pub(crate) failed: u64,
    /// Skipped.
    pub(crate) skipped: u64,
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, more| Self {
            passed: sum.passed + more.passed,
            failed: sum.failed + more.failed,
            skipped: sum.skipped + more.skipped,
        })
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// cargo-nextest: `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 2 failed, 1 skipped`.
pub(crate) fn parse_nextest(text: &str) -> Option<Counts> {
    let summary = text.lines().rfind(|line| line.trim_start().starts_with("Summary ["))?;
    parse_parts(summary.split_once(" run: ")?.1, ',')
}

/// cargo test, a line per program: `test result: ok. 7 passed; 0 failed; 1 ignored; …`.
pub(crate) fn parse_cargo_test(text: &str) -> Option<Counts> {
    let results = text.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
    let counts: Vec<_> =
        results.filter_map(|line| parse_parts(line.split_once(". ")?.1, ';')).collect();
    (!counts.is_empty()).then(|| counts.into_iter().sum())
}

/// Playwright: a line per result, `  7 passed (1.2s)`.
pub(crate) fn parse_playwright(text: &str) -> Option<Counts> {
    let counts: Vec<_> = text.lines().filter_map(|line| parse_parts(line, '\n')).collect();
    (!counts.is_empty()).then(|| counts.into_iter().sum())
}

/// The plain closing line: `7 passed, 0 failed`.
pub(crate) fn parse_plain(text: &str) -> Option<Counts> {
    text.lines().rev().find_map(|line| parse_parts(line, ','))
}

/// `7 passed (1 slow, 1 leaky), 2 failed`; `None` if no part is a number and a known word.
fn parse_parts(text: &str, separator: char) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut known = false;
    for piece in without_parentheses(text).split(separator) {
        let Some((number, what)) = piece.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        let kind = match what.trim() {
            "passed" | "flaky" => &mut counts.passed,
            "failed" | "exec failed" | "timed out" | "interrupted" => &mut counts.failed,
            "error was not a part of any test" | "errors were not a part of any test" => {
                &mut counts.failed
            }
            "skipped" | "ignored" | "did not run" => &mut counts.skipped,
            _ => continue,
        };
        *kind += number;
        known = true;
    }
    known.then_some(counts)
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let kept = text.chars().filter(|c| {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Option<Counts> {
        Some(Counts { passed, failed, skipped })
    }

    #[test]
    fn nextests_summary_is_read() {
        let text = "   PASS [ 0.1s] a b\n------------\n     Summary [   0.010s] 1 test run: 1 passed, 0 skipped\n";
        assert_eq!(parse_nextest(text), counts(1, 0, 0));
        let text = "Summary [ 9s] 9 tests run: 5 passed (1 slow, 2 leaky), 2 failed, 1 exec failed, 1 timed out, 3 skipped\nerror: test run failed";
        assert_eq!(parse_nextest(text), counts(5, 4, 3));
        let text = "Summary [ 9s] 5/10 tests run: 4 passed, 1 failed, 0 skipped";
        assert_eq!(parse_nextest(text), counts(4, 1, 0));
        assert_eq!(parse_nextest("error: could not compile"), None);
    }

    #[test]
    fn cargo_tests_results_are_added_up() {
        let text = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s\n\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(parse_cargo_test(text), counts(6, 2, 1));
        assert_eq!(parse_cargo_test("running 5 tests"), None);
    }

    #[test]
    fn playwrights_closing_lines_are_added_up() {
        let text = "  ✓  1 a.spec.ts:3:1 › opens (1.0s)\n\n  1 failed\n    a.spec.ts:9:1 › closes ──\n  1 flaky\n  2 skipped\n  1 did not run\n  12 passed (8.9s)\n";
        assert_eq!(parse_playwright(text), counts(13, 1, 3));
        assert_eq!(parse_playwright("Error: No tests found\n"), None);
    }

    #[test]
    fn the_plain_closing_line_is_read_and_written() {
        let read = parse_plain("3 vectors\n12 passed, 1 failed\n\n");
        assert_eq!(read, counts(12, 1, 0));
        assert_eq!(read.map(|read| read.to_string()).as_deref(), Some("12 passed, 1 failed"));
        let all: Counts = [read, counts(1, 0, 2)].into_iter().flatten().sum();
        assert_eq!(all.to_string(), "13 passed, 1 failed, 2 skipped");
    }
}
