//! Names of one upload that differ from each other in case or blanks only: for a person
//! they are one operation or station, for every figure two.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::{IngestRecord, RunRecord};

use crate::characters::is_invisible;
use crate::reject::EN;
use crate::wording::Quoted;

/// Spellings that are held at most; an upload with more is no longer compared.
const HELD: usize = 10_000;

/// The names that an upload has used so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Every spelling by kind and by what is left of it without case and blanks.
    spellings: HashMap<(&'static str, String), Vec<String>>,
    held: usize,
}

impl Names {
    /// Takes the names of a record; the sentences about those that are new spellings of
    /// names that came before.
    pub(crate) fn take(&mut self, record: &IngestRecord) -> Vec<String> {
        let IngestRecord::Run(run) = record else { return Vec::new() };
        let RunRecord { operation, station, unit, .. } = &**run;
        let named = [
            ("operation", Some(operation)),
            ("station", station.as_ref()),
            ("unit.product", unit.product.as_ref()),
        ];
        named.into_iter().filter_map(|(kind, name)| self.variant(kind, name?)).collect()
    }

    fn variant(&mut self, kind: &'static str, name: &str) -> Option<String> {
        if self.held >= HELD {
            return None;
        }
        let alike = name.chars().filter(|char| !char.is_whitespace() && !is_invisible(*char));
        let key = alike.flat_map(char::to_lowercase).collect();
        match self.spellings.entry((kind, key)) {
            Entry::Vacant(first) => {
                first.insert(vec![name.to_owned()]);
                self.held += 1;
                None
            }
            Entry::Occupied(known) if known.get().iter().any(|known| known == name) => None,
            Entry::Occupied(mut known) => {
                let first = known.get().first().map(|first| Quoted(first).to_string());
                known.get_mut().push(name.to_owned());
                self.held += 1;
                Some(EN.warning_name_variant(kind, Quoted(name), first.unwrap_or_default()))
            }
        }
    }
}
