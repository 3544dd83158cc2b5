//! The parsed messages with their arguments.

use std::collections::BTreeMap;

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use fluent_syntax::parser;

/// The type of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything that can be displayed.
    Text,
    /// A count: selects a plural form, and is displayed with thousands separators.
    Number,
    /// A string that selects a variant.
    Word,
    /// A part of the sentence that is not text: a link, a name in an element.
    View,
}

impl Kind {
    /// Whether an argument of this type can be used as the other.
    pub(crate) fn includes(self, other: Self) -> bool {
        self == other || (other == Self::Text)
    }
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Variable(String),
    Select { variable: String, variants: Vec<(Key, Vec<Piece>)>, default: Vec<Piece> },
}

/// The key of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Number(u64),
    Plural(&'static str),
    Word(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) comment: String,
    pub(crate) pieces: Vec<Piece>,
    /// In the order of the comment; a single one needs no comment.
    pub(crate) arguments: Vec<(String, Kind)>,
}

/// The messages of a locale.
#[derive(Default)]
pub(crate) struct Catalogue {
    pub(crate) messages: BTreeMap<String, Message>,
}

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

impl Catalogue {
    /// Parses the messages of these files. Only comments of the reference are parsed: those of a
    /// translation are for its translator.
    pub(crate) fn parse(files: &[(String, String)], is_reference: bool) -> Result<Self, String> {
        let mut terms = BTreeMap::new();
        let mut entries = Vec::new();
        for (file, text) in files {
            let resource = parser::parse(text.as_str()).map_err(|(_, errors)| {
                let error = errors.first().map(ToString::to_string).unwrap_or_default();
                let at = errors.first().and_then(|error| text.get(..error.pos.start));
                let line = at.map_or(0, |before| before.matches('\n').count() + 1);
                format!("{file}:{line}: {error}")
            })?;
            for entry in resource.body {
                match entry {
                    Entry::Message(message) => entries.push((file, message)),
                    Entry::Term(term) => {
                        terms.insert(term.id.name, plain(&term.value)?);
                    }
                    _ => {}
                }
            }
        }
        let mut catalogue = Self::default();
        for (file, entry) in entries {
            let id = entry.id.name.to_owned();
            let fail = |why: String| format!("{file}: {id}: {why}");
            let (Some(value), []) = (&entry.value, &entry.attributes[..]) else {
                return Err(fail("attributes are not supported".to_owned()));
            };
            let comment = entry.comment.map(|it| it.content.join("\n")).unwrap_or_default();
            let pieces = pieces(value, &terms).map_err(fail)?;
            let arguments = match is_reference {
                true => arguments(&pieces, &comment).map_err(fail)?,
                false => used(&pieces).map_err(fail)?,
            };
            let message = Message { id: id.clone(), comment, pieces, arguments };
            if catalogue.messages.insert(id.clone(), message).is_some() {
                return Err(fail("there is another message with this id".to_owned()));
            }
        }
        Ok(catalogue)
    }
}

fn plain(pattern: &Pattern<&str>) -> Result<String, String> {
    match &pieces(pattern, &BTreeMap::new())?[..] {
        [Piece::Text(text)] => Ok(text.clone()),
        _ => Err("a term is plain text".to_owned()),
    }
}

fn pieces(pattern: &Pattern<&str>, terms: &BTreeMap<&str, String>) -> Result<Vec<Piece>, String> {
    let mut all: Vec<Piece> = Vec::new();
    for element in &pattern.elements {
        let piece = match element {
            PatternElement::TextElement { value } => Piece::Text((*value).to_owned()),
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => simple(inline, terms)?,
                Expression::Select { selector, variants } => {
                    let InlineExpression::VariableReference { id } = selector else {
                        return Err("a selector is a variable".to_owned());
                    };
                    let (mut keyed, mut default) = (Vec::new(), Vec::new());
                    for variant in variants {
                        let value = pieces(&variant.value, terms)?;
                        if variant.default {
                            // `*[one]` would never match by its name.
                            default = value;
                        } else {
                            keyed.push((key(&variant.key)?, value));
                        }
                    }
                    Piece::Select { variable: id.name.to_owned(), variants: keyed, default }
                }
            },
        };
        match (all.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => all.push(piece),
        }
    }
    Ok(all)
}

fn simple(
    inline: &InlineExpression<&str>,
    terms: &BTreeMap<&str, String>,
) -> Result<Piece, String> {
    match inline {
        InlineExpression::StringLiteral { value } => {
            Ok(Piece::Text(fluent_syntax::unicode::unescape_unicode_to_string(value).into_owned()))
        }
        InlineExpression::VariableReference { id } => Ok(Piece::Variable(id.name.to_owned())),
        InlineExpression::TermReference { id, .. } => terms
            .get(id.name)
            .map(|text| Piece::Text(text.clone()))
            .ok_or_else(|| format!("there is no term -{}", id.name)),
        _ => Err("functions, numbers and message references are not supported".to_owned()),
    }
}

fn key(key: &VariantKey<&str>) -> Result<Key, String> {
    match key {
        VariantKey::NumberLiteral { value } => {
            value.parse().map(Key::Number).map_err(|_| format!("{value} is no count"))
        }
        VariantKey::Identifier { name } => {
            let plural = PLURALS.iter().find(|plural| *plural == name);
            Ok(plural.map_or_else(|| Key::Word((*name).to_owned()), |plural| Key::Plural(plural)))
        }
    }
}

/// The variables of a message. If there are several, the comment must list them, since the order of
/// use differs between languages.
fn arguments(pieces: &[Piece], comment: &str) -> Result<Vec<(String, Kind)>, String> {
    let mut used = used(pieces)?;
    let documented: Vec<_> = comment.split('$').skip(1).collect();
    let name_of = |text: &str| {
        let end = text.find(|char: char| !(char.is_ascii_alphanumeric() || "-_".contains(char)));
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let mut order: Vec<String> = Vec::new();
    for text in documented {
        let name = name_of(text);
        let after = text[name.len()..].trim_start();
        let Some((_, kind)) = used.iter_mut().find(|(used, _)| *used == name) else {
            return Err(format!("the comment names ${name}, which is not used"));
        };
        if after.starts_with("(View)") {
            *kind = Kind::View;
        } else if after.starts_with("(Number)") {
            *kind = Kind::Number;
        }
        if !order.contains(&name) {
            order.push(name);
        }
    }
    if order.is_empty() && used.len() == 1 {
        return Ok(used);
    }
    if let Some((name, _)) = used.iter().find(|(name, _)| !order.contains(name)) {
        return Err(format!("the comment does not name ${name}"));
    }
    used.sort_by_key(|(name, _)| order.iter().position(|its| its == name));
    Ok(used)
}

fn used(pieces: &[Piece]) -> Result<Vec<(String, Kind)>, String> {
    let mut used = Vec::new();
    collect(pieces, &mut used)?;
    Ok(used)
}

fn collect(pieces: &[Piece], used: &mut Vec<(String, Kind)>) -> Result<(), String> {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Variable(name) => add(used, name, Kind::Text)?,
            Piece::Select { variable, variants, default } => {
                let is_word = variants.iter().any(|(key, _)| matches!(key, Key::Word(_)));
                add(used, variable, if is_word { Kind::Word } else { Kind::Number })?;
                for (_, value) in variants {
                    collect(value, used)?;
                }
                collect(default, used)?;
            }
        }
    }
    Ok(())
}

fn add(used: &mut Vec<(String, Kind)>, name: &str, kind: Kind) -> Result<(), String> {
    match used.iter_mut().find(|(used, _)| used == name) {
        None => used.push((name.to_owned(), kind)),
        Some((_, known)) if *known == Kind::Text => *known = kind,
        Some((_, known)) if known.includes(kind) => {}
        Some(_) => return Err(format!("${name} selects by words and by numbers")),
    }
    Ok(())
}
