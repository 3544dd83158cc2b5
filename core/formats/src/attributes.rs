//! Free attributes of a run, and how many and how long they may be.

use std::collections::BTreeMap;

use domain::dimension::AttributeName;

use crate::json::trimmed;
use crate::reject::EN;
use crate::wording::Quoted;
use crate::{Reject, RejectCode};

/// The most attributes of a run.
const MOST: usize = 64;
/// The most bytes of a name.
pub(crate) const NAME_BYTES: usize = AttributeName::MAX_BYTES;
/// The most bytes of a value.
pub(crate) const VALUE_BYTES: usize = 256;

/// Attributes as a run says them. An empty value is as if the attribute were not there.
///
/// # Errors
/// A name that is empty, too long or given twice, a value that is too long, or too many of them.
pub(crate) fn of_texts(
    texts: impl IntoIterator<Item = (String, String)>,
) -> Result<BTreeMap<String, String>, Reject> {
    let mut attributes = BTreeMap::new();
    for (name, value) in texts {
        let name = trimmed(Some(name))
            .ok_or_else(|| RejectCode::MissingField.because(EN.attribute_unnamed()))?;
        let Some(value) = trimmed(Some(value)) else { continue };
        if name.len() > NAME_BYTES {
            let why = EN.attribute_name_long(Quoted(&name), name.len(), NAME_BYTES);
            return Err(RejectCode::TooLong.because(why));
        }
        if value.len() > VALUE_BYTES {
            let why = EN.attribute_value_long(Quoted(&name), value.len(), VALUE_BYTES);
            return Err(RejectCode::TooLong.because(why));
        }
        if attributes.contains_key(&name) {
            let why = EN.field_twice(format_args!("attributes.{name}"));
            return Err(RejectCode::InvalidField.because(why));
        }
        attributes.insert(name, value);
    }
    match attributes.len() {
        0..=MOST => Ok(attributes),
        many => Err(RejectCode::TooManyAttributes.because(EN.attributes_many(many, MOST))),
    }
}

/// Attributes that are found where nobody wrote them as such: values of one name are joined,
/// and what does not fit is left out.
#[derive(Default)]
pub(crate) struct Found(BTreeMap<String, Vec<String>>);

impl Found {
    /// Adds a value, beside others of that name.
    pub(crate) fn add(&mut self, name: Option<String>, value: Option<String>) {
        if let (Some(name), Some(value)) = (trimmed(name), trimmed(value)) {
            self.0.entry(name).or_default().push(value);
        }
    }

    /// The attributes, over which those of `stated` go, and the names of those that are left out
    /// because they are too many or too long.
    pub(crate) fn finish(
        self,
        stated: BTreeMap<String, String>,
    ) -> (BTreeMap<String, String>, Vec<String>) {
        let joined = self.0.into_iter().map(|(name, mut values)| {
            values.sort_unstable();
            values.dedup();
            (name, values.join(", "))
        });
        let mut all: BTreeMap<String, String> = joined.collect();
        for (name, value) in stated {
            if let (Some(name), Some(value)) = (trimmed(Some(name)), trimmed(Some(value))) {
                all.insert(name, value);
            }
        }
        let (mut kept, mut left_out) = (BTreeMap::new(), Vec::new());
        for (name, value) in all {
            let fits = name.len() <= NAME_BYTES && value.len() <= VALUE_BYTES;
            match fits && kept.len() < MOST {
                true => drop(kept.insert(name, value)),
                false => left_out.push(name),
            }
        }
        (kept, left_out)
    }
}
