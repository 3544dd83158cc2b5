//! Generates the Rust code of the catalogue.

use std::fmt::Write;

use super::message::{Key, Kind, Message, Piece};

/// The enum of locales, the reference first.
pub(crate) fn locale_enum(tags: &[&str]) -> String {
    let mut variants = String::new();
    let mut list = String::new();
    let mut names = String::new();
    for (place, tag) in tags.iter().enumerate() {
        let (variant, default) = (variant(tag), if place == 0 { "#[default]\n" } else { "" });
        let _ = writeln!(variants, "/// `{tag}`\n{default}{variant},");
        let _ = write!(list, "Self::{variant}, ");
        let _ = writeln!(names, "Self::{variant} => {tag:?},");
    }
    format!(
        "/// A language of the catalogue.\n\
         #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]\n\
         pub enum Locale {{\n{variants}}}\n\
         impl Locale {{\n\
         /// Every language.\npub const ALL: &'static [Self] = &[{list}];\n\
         /// The BCP 47 tag, as in an attribute `lang`.\n#[must_use]\n\
         pub fn tag(self) -> &'static str {{ match self {{\n{names}}} }}\n}}\n"
    )
}

/// `zh-TW` is `ZhTw`.
fn variant(tag: &str) -> String {
    tag.split('-')
        .flat_map(|part| {
            let (first, rest) = part.split_at(1);
            [first.to_ascii_uppercase(), rest.to_ascii_lowercase()]
        })
        .collect()
}

/// Appends an underscore to a variable that is a Rust keyword.
fn identifier(id: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "as", "break", "const", "else", "enum", "fn", "for", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "ref", "return", "self", "static", "struct", "super", "trait",
        "type", "use", "where", "while", "yield",
    ];
    let name = id.replace('-', "_");
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// The method of a message. A locale without a translation falls back to the reference.
pub(crate) fn method(
    original: &Message,
    translations: &[(&str, &Message)],
) -> Result<String, String> {
    let has_view = original.arguments.iter().any(|(_, kind)| *kind == Kind::View);
    let mut signature = String::from("self");
    for (name, kind) in &original.arguments {
        let kind = match kind {
            Kind::Text => "impl ::core::fmt::Display",
            Kind::Number => "u64",
            Kind::Word => "&str",
            Kind::View => "V",
        };
        let _ = write!(signature, ", {}: {kind}", identifier(name));
    }
    let (generic, result) = match (has_view, original.arguments.is_empty()) {
        (true, _) => ("<V>", "::std::vec::Vec<Part<V>>"),
        (false, true) => ("", "&'static str"),
        (false, false) => ("", "::std::string::String"),
    };
    let mut out = String::new();
    for line in original.comment.lines().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "/// {}", line.replace('[', "\\["));
    }
    let _ = writeln!(out, "///\n/// ```text\n/// {}\n/// ```", shown(&original.pieces));
    let name = identifier(&original.id);
    let _ = writeln!(out, "#[must_use]\npub fn {name}{generic}({signature}) -> {result} {{");
    out.push_str("match self {\n");
    // The reference is the fallback of every locale without a translation, so it comes last.
    for (tag, message) in translations.iter().skip(1) {
        let body = body(original, &message.pieces, has_view)
            .map_err(|why| format!("{tag}: {}: {why}", message.id))?;
        let _ = writeln!(out, "Self::{} => {{ {body} }}", variant(tag));
    }
    let body = body(original, &original.pieces, has_view)
        .map_err(|why| format!("{}: {why}", original.id))?;
    let _ = writeln!(out, "#[allow(unreachable_patterns)]\n_ => {{ {body} }}\n}}\n}}");
    Ok(out)
}

fn body(original: &Message, pieces: &[Piece], has_view: bool) -> Result<String, String> {
    let selects = pieces.iter().any(|piece| matches!(piece, Piece::Select { .. }));
    if original.arguments.is_empty() {
        return Ok(match pieces {
            [] => "\"\"".to_owned(),
            [Piece::Text(text)] => format!("{text:?}"),
            _ => return Err("a message without arguments is plain text".to_owned()),
        });
    }
    if !selects && !has_view {
        return Ok(formatted(original, pieces, "::std::format!"));
    }
    let new = if has_view { "::std::vec::Vec::new()" } else { "::std::string::String::new()" };
    let mut out = format!("let mut out = {new};\n");
    push(original, pieces, has_view, &mut out);
    out.push_str("out");
    Ok(out)
}

/// Pushes the pieces onto `out`.
fn push(original: &Message, pieces: &[Piece], has_view: bool, out: &mut String) {
    let mut rest = pieces;
    while let Some((first, after)) = rest.split_first() {
        match first {
            Piece::Select { variable, variants, default } => {
                rest = after;
                select(original, variable, variants, default, has_view, out);
            }
            Piece::Variable(name) if kind_of(original, name) == Kind::View => {
                rest = after;
                let _ = writeln!(out, "out.push(Part::View({}));", identifier(name));
            }
            Piece::Text(_) | Piece::Variable(_) => {
                let is_text = |piece: &Piece| match piece {
                    Piece::Text(_) => true,
                    Piece::Variable(name) => kind_of(original, name) != Kind::View,
                    Piece::Select { .. } => false,
                };
                let count = rest.iter().take_while(|piece| is_text(piece)).count();
                let (texts, after) = rest.split_at(count);
                rest = after;
                match (texts, has_view) {
                    ([Piece::Text(text)], true) => {
                        let _ = writeln!(out, "out.push(Part::Text({text:?}.into()));");
                    }
                    ([Piece::Text(text)], false) => {
                        let _ = writeln!(out, "out.push_str({text:?});");
                    }
                    (_, true) => {
                        let text = formatted(original, texts, "::std::format!");
                        let _ = writeln!(out, "out.push(Part::Text({text}.into()));");
                    }
                    (_, false) => {
                        let text = formatted(original, texts, "::std::format_args!");
                        let _ = writeln!(
                            out,
                            "let _ = ::core::fmt::Write::write_fmt(&mut out, {text});"
                        );
                    }
                }
            }
        }
    }
}

fn select(
    original: &Message,
    variable: &str,
    variants: &[(Key, Vec<Piece>)],
    default: &[Piece],
    has_view: bool,
    out: &mut String,
) {
    let name = identifier(variable);
    let _ = writeln!(out, "match {name} {{");
    for (key, value) in variants {
        let _ = match key {
            Key::Number(number) => writeln!(out, "{number} => {{"),
            Key::Word(word) => writeln!(out, "{word:?} => {{"),
            Key::Plural(plural) => {
                writeln!(out, "_ if plural(self, {name}) == Plural::{} => {{", variant(plural))
            }
        };
        push(original, value, has_view, out);
        out.push_str("}\n");
    }
    out.push_str("_ => {\n");
    push(original, default, has_view, out);
    out.push_str("}\n}\n");
}

/// A call of a formatting macro with these texts and variables.
fn formatted(original: &Message, pieces: &[Piece], call: &str) -> String {
    let (mut text, mut arguments) = (String::new(), String::new());
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text.push_str(&plain.replace('{', "{{").replace('}', "}}")),
            Piece::Variable(name) => {
                let name = identifier(name);
                let _ = write!(text, "{{{name}}}");
                let grouped = format!(", {name} = grouped({name})");
                let is_number = kind_of(original, &name) == Kind::Number;
                if is_number && !arguments.contains(&grouped) {
                    arguments.push_str(&grouped);
                }
            }
            Piece::Select { .. } => {}
        }
    }
    format!("{call}({text:?}{arguments})")
}

fn kind_of(message: &Message, name: &str) -> Kind {
    let find = |(its, _): &&(String, Kind)| identifier(its) == identifier(name);
    message.arguments.iter().find(find).map_or(Kind::Text, |(_, kind)| *kind)
}

/// The message as one line of documentation.
fn shown(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let _ = match piece {
            Piece::Text(text) => write!(out, "{}", text.replace('\n', " ")),
            Piece::Variable(name) => write!(out, "{{ ${name} }}"),
            Piece::Select { default, .. } => write!(out, "{}", shown(default)),
        };
    }
    out
}
