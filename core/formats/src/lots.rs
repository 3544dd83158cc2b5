//! The lot of a component, derived from its serial number by the rules of a tenant.

use crate::reject::EN;
use domain::Component;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::json::trimmed;

/// The most rules of a tenant.
pub const MOST_RULES: usize = 100;
/// The most bytes of a part number or a pattern.
const TEXT_BYTES: usize = 512;
/// The most bytes that a compiled pattern may take. Matching is linear in the serial number.
const PATTERN_BYTES: usize = 1 << 18;

/// A rule: components of this part number have as lot what the first capture group of the
/// pattern finds in their serial number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotRule {
    /// The part number, compared as it is written.
    pub part: String,
    /// A regular expression with at least one capture group, which is searched for.
    pub pattern: String,
}

/// A rule that cannot be kept: its place, from 0, and why. The text is a sentence without its
/// subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct LotRuleError {
    /// Which rule; none for the list itself.
    pub at: Option<usize>,
    /// Why not.
    pub why: String,
}

/// The rules of a tenant, compiled.
#[derive(Clone, Debug, Default)]
pub struct LotRules(Vec<(String, Regex)>);

impl LotRules {
    /// Compiles rules. Of several of one part the first that matches counts.
    ///
    /// # Errors
    /// For too many rules, an empty or overlong text, a pattern that does not compile or is too
    /// large, and one without a capture group.
    ///
    /// ```
    /// use formats::lots::{LotRule, LotRules};
    /// let rule = LotRule { part: "GPU-1".into(), pattern: r"^([A-Z0-9]{5})-".into() };
    /// let rules = LotRules::compile(&[rule])?;
    /// let part = domain::Component {
    ///     part: Some("GPU-1".into()),
    ///     serial: Some("H26X7-0042".into()),
    ///     ..Default::default()
    /// };
    /// assert_eq!(rules.derive(&part).as_deref(), Some("H26X7"));
    /// # Ok::<(), formats::lots::LotRuleError>(())
    /// ```
    pub fn compile(rules: &[LotRule]) -> Result<Self, LotRuleError> {
        if rules.len() > MOST_RULES {
            let why = EN.lots_many(rules.len(), MOST_RULES);
            return Err(LotRuleError { at: None, why });
        }
        let compiled = rules.iter().enumerate().map(|(at, rule)| {
            let refuse = |why: String| LotRuleError { at: Some(at), why };
            let bytes = 1..=TEXT_BYTES;
            if !bytes.contains(&rule.part.len()) || rule.part.contains('\0') {
                return Err(refuse(EN.lot_length("part", TEXT_BYTES)));
            }
            if !bytes.contains(&rule.pattern.len()) || rule.pattern.contains('\0') {
                return Err(refuse(EN.lot_length("pattern", TEXT_BYTES)));
            }
            let mut builder = RegexBuilder::new(&rule.pattern);
            let pattern = builder.size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build();
            let pattern = pattern.map_err(|error| refuse(EN.lot_pattern(error)))?;
            if pattern.captures_len() < 2 {
                return Err(refuse(EN.lot_no_group().to_owned()));
            }
            Ok((rule.part.clone(), pattern))
        });
        compiled.collect::<Result<_, _>>().map(Self)
    }

    /// The lot of a component that says none; none where no rule of its part matches.
    #[must_use]
    pub fn derive(&self, component: &Component) -> Option<String> {
        let (part, serial) = (component.part.as_deref()?, component.serial.as_deref()?);
        let rules = self.0.iter().filter(|(of, _)| of == part);
        let lot = |(_, pattern): &(String, Regex)| {
            trimmed(pattern.captures(serial)?.get(1).map(|lot| lot.as_str().to_owned()))
        };
        rules.filter_map(lot).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(part: &str, pattern: &str) -> LotRule {
        LotRule { part: part.to_owned(), pattern: pattern.to_owned() }
    }

    fn gpu(serial: &str) -> Component {
        let (part, serial) = (Some("GPU".to_owned()), Some(serial.to_owned()));
        Component { part, serial, ..Component::default() }
    }

    #[test]
    fn the_first_rule_of_the_part_that_matches_gives_the_lot() {
        let rules =
            [rule("CPU", "^(.)"), rule("GPU", r"^L(\d+)-"), rule("GPU", r"^(\w+)-(?P<n>\d+)$")];
        let rules = LotRules::compile(&rules).unwrap();
        let lot = |serial: &str| rules.derive(&gpu(serial));
        assert_eq!(lot("L77-1").as_deref(), Some("77"));
        assert_eq!(lot("H26X7-0042").as_deref(), Some("H26X7"));
        assert_eq!(lot("H26X7"), None);
        assert_eq!(rules.derive(&Component { part: None, ..gpu("L77-1") }), None);
        assert_eq!(rules.derive(&Component { serial: None, ..gpu("") }), None);
    }

    #[test]
    fn rules_that_cannot_be_used_are_refused_with_their_place() {
        let refused = |pattern: &str| {
            let rules = [rule("GPU", "(.)"), rule("GPU", pattern)];
            LotRules::compile(&rules).unwrap_err()
        };
        for pattern in ["", "(", "no group", r"(\w{1000}){1000}", &"(a)".repeat(200), "(a)\0"] {
            assert_eq!(refused(pattern).at, Some(1), "{pattern}");
        }
        assert!(LotRules::compile(&[rule("", "(.)")]).is_err());
        assert!(LotRules::compile(&vec![rule("P", "(.)"); MOST_RULES + 1]).is_err());
    }
}
