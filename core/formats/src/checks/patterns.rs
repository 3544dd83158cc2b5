//! The patterns of a run: searched for, not matched from end to end, by an
//! engine whose time grows linearly with the text, and each compiled once.

use std::collections::BTreeMap;

use domain::Scalar;
use regex::{Regex, RegexBuilder};

use super::Unjudged;
use crate::json::Plain;

/// Patterns of one run that are compiled at most. It guards the time of the
/// server, not any honest test program.
pub(super) const PATTERNS: usize = 1_000;
/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 18;

/// The patterns of a run, compiled once.
#[derive(Default)]
pub(crate) struct Patterns(BTreeMap<String, Option<Regex>>);

impl Patterns {
    fn found(&mut self, pattern: &str, text: &str) -> Result<bool, Unjudged> {
        if !self.0.contains_key(pattern) {
            if self.0.len() >= PATTERNS {
                return Err(Unjudged::Patterns);
            }
            let mut builder = RegexBuilder::new(pattern);
            let compiled = builder.size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build();
            self.0.insert(pattern.to_owned(), compiled.ok());
        }
        match self.0.get(pattern) {
            Some(Some(compiled)) => Ok(compiled.is_match(text)),
            _ => Err(Unjudged::Pattern(pattern.to_owned())),
        }
    }

    /// Whether one of the patterns is found. One that is decides, whatever
    /// is wrong with the others.
    pub(super) fn any_found(&mut self, patterns: &[Plain], text: &str) -> Result<bool, Unjudged> {
        let mut unjudged = None;
        for pattern in patterns {
            let Scalar::Text(pattern) = &pattern.value else { return Err(Unjudged::Types) };
            match self.found(pattern, text) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => unjudged = unjudged.or(Some(why)),
            }
        }
        unjudged.map_or(Ok(false), Err)
    }
}
