//! Compiles Fluent messages into one typed Rust method per message.
//!
//! Supported: text, `{ $variable }`, string literals, terms (`{ -brand }`), select expressions over
//! plural categories, numbers and words. Not supported: functions, attributes, message references.
//! English is the reference: it defines the messages, and the order and the types of their
//! arguments.

mod code;
mod message;

use std::collections::BTreeMap;

use self::message::{Catalogue, Message};

/// The reference locale.
const REFERENCE: &str = "en";

/// The tag of a locale and its files, each with its name and its text.
pub(crate) type Source = (String, Vec<(String, String)>);

/// Compiles the catalogue to Rust source. The error names the file and the message.
pub(crate) fn compile(locales: &[Source]) -> Result<String, String> {
    let mut catalogues = BTreeMap::new();
    for (tag, files) in locales {
        catalogues.insert(tag.clone(), Catalogue::parse(files, tag == REFERENCE)?);
    }
    let reference = catalogues.get(REFERENCE).ok_or("there is no reference locale `en`")?;
    for (tag, catalogue) in &catalogues {
        for (id, message) in &catalogue.messages {
            let Some(original) = reference.messages.get(id) else {
                return Err(format!("{tag}: {id}: there is no such message in `en`"));
            };
            agree(original, message).map_err(|why| format!("{tag}: {id}: {why}"))?;
        }
    }
    // The reference is the default and comes first.
    let mut tags: Vec<_> = catalogues.keys().map(String::as_str).collect();
    tags.sort_by_key(|tag| (*tag != REFERENCE, *tag));
    let mut out = code::locale_enum(&tags);
    out.push_str("impl Locale {\n");
    for (id, original) in &reference.messages {
        let translations: Vec<_> = tags
            .iter()
            .filter_map(|tag| Some((*tag, catalogues.get(*tag)?.messages.get(id)?)))
            .collect();
        out.push_str(&code::method(original, &translations)?);
    }
    out.push_str("}\n");
    Ok(out)
}

/// Checks that a translation has the arguments of its original and the same selectors.
fn agree(original: &Message, translation: &Message) -> Result<(), String> {
    for (name, kind) in &translation.arguments {
        match original.arguments.iter().find(|(its, _)| its == name) {
            None => return Err(format!("${name} is no argument of the message in `en`")),
            Some((_, its)) if !its.includes(*kind) => {
                return Err(format!("${name} is used in another way than in `en`"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
