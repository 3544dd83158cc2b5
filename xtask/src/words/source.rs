//! Splits a source file into its comments, its identifiers and other code.

/// The syntax of comments and strings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    TypeScript,
    Sql,
    Css,
    Toml,
    /// The whole file is prose.
    Markdown,
}

impl Language {
    /// The language of a file extension; `None` for a file that is not checked.
    pub(super) fn from_path(path: &str) -> Option<Self> {
        Some(match path.rsplit_once('.')?.1 {
            "rs" => Self::Rust,
            "ts" | "mjs" | "js" => Self::TypeScript,
            "sql" => Self::Sql,
            "css" => Self::Css,
            "toml" => Self::Toml,
            "md" | "ftl" => Self::Markdown,
            _ => return None,
        })
    }

    fn line_comment(self) -> Option<&'static str> {
        match self {
            Self::Rust | Self::TypeScript => Some("//"),
            Self::Sql => Some("--"),
            Self::Toml => Some("#"),
            Self::Css | Self::Markdown => None,
        }
    }

    fn has_block_comments(self) -> bool {
        matches!(self, Self::Rust | Self::TypeScript | Self::Css | Self::Sql)
    }

    fn quotes(self) -> &'static [char] {
        match self {
            Self::Rust | Self::Css => &['"'],
            Self::TypeScript => &['"', '\'', '`'],
            Self::Sql => &['\''],
            Self::Toml => &['"', '\''],
            Self::Markdown => &[],
        }
    }

    fn has_names(self) -> bool {
        matches!(self, Self::Rust | Self::TypeScript)
    }
}

/// The parts of a file that rules apply to.
pub(super) struct Source<'a> {
    /// The text of all comments, line ends replaced by spaces.
    pub(super) prose: String,
    /// Identifiers, each with its 1-based line.
    pub(super) names: Vec<(&'a str, usize)>,
    /// The offset in `prose` and the 1-based line of each piece, ascending.
    lines: Vec<(usize, usize)>,
}

impl<'a> Source<'a> {
    /// Splits a file. Approximates where a language is ambiguous (a Rust lifetime and a
    /// character literal, a regular expression of TypeScript): both are skipped as code.
    pub(super) fn parse(text: &'a str, language: Language) -> Self {
        let mut source = Self { prose: String::new(), names: Vec::new(), lines: Vec::new() };
        let mut rest = text;
        let mut line = 1;
        while let Some(next) = rest.chars().next() {
            let (length, is_comment) = source.token(rest, next, language, line);
            let (token, after) = rest.split_at(length);
            if is_comment {
                source.add_prose(token, line);
            }
            line += token.matches('\n').count();
            rest = after;
        }
        source
    }

    /// The 1-based line of an offset in `prose`.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        after.checked_sub(1).and_then(|at| self.lines.get(at)).map_or(1, |(_, line)| *line)
    }

    /// The length in bytes of the token at the beginning of `rest`, and whether it is prose.
    fn token(
        &mut self,
        rest: &'a str,
        next: char,
        language: Language,
        line: usize,
    ) -> (usize, bool) {
        if language == Language::Markdown {
            return (rest.len(), true);
        }
        if language.line_comment().is_some_and(|mark| rest.starts_with(mark)) {
            return (rest.find('\n').unwrap_or(rest.len()), true);
        }
        if language.has_block_comments() && rest.starts_with("/*") {
            return (rest.find("*/").map_or(rest.len(), |at| at + 2), true);
        }
        if language == Language::Rust {
            if let Some(length) = raw_string(rest) {
                return (length, false);
            }
            if next == '\'' {
                return (character(rest), false);
            }
        }
        if language.quotes().contains(&next) {
            return (quoted(rest, next), false);
        }
        if next.is_alphabetic() || next == '_' {
            let end = |c: char| !(c.is_alphanumeric() || c == '_');
            let length = rest.find(end).unwrap_or(rest.len());
            if language.has_names() {
                self.names.push((&rest[..length], line));
            }
            return (length, false);
        }
        (next.len_utf8(), false)
    }

    fn add_prose(&mut self, comment: &str, first: usize) {
        for (index, line) in comment.lines().enumerate() {
            self.lines.push((self.prose.len(), first + index));
            let line = line.trim().trim_start_matches(['/', '!', '*', '-', '#', ' ']);
            self.prose.push_str(line);
            self.prose.push(' ');
        }
    }
}

/// The length of a quoted string with backslash escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"…"` or `r#"…"#` with any number of hashes, also of byte strings.
fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let body = inner.trim_start_matches('#');
    let hashes = &inner[..inner.len() - body.len()];
    let body = body.strip_prefix('"')?;
    let end = format!("\"{hashes}");
    let start = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// The length of a character literal, or of the apostrophe of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => quoted(rest, '\''),
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> String {
        Source::parse(text, Language::Rust).prose.trim().to_owned()
    }

    #[test]
    fn strings_and_characters_hide_no_comment() {
        assert_eq!(prose("let a = \"\\\"//x\"; // y"), "y");
        assert_eq!(prose("let a = '\"'; // y\nlet b = '\\''; // z"), "y z");
        assert_eq!(prose("fn f<'a>(a: &'a str) {} // y"), "y");
        assert_eq!(prose("let a = r#\"\" // x\"#; // y"), "y");
        assert_eq!(prose("for_bar(\"a\"); /* y */ b(r\"\\\"); // z"), "y */ z");
    }

    #[test]
    fn names_have_their_lines() {
        let source = Source::parse("fn a() {\n  \"b\\\nc\"; d_e\n}", Language::Rust);
        assert_eq!(source.names, [("fn", 1), ("a", 1), ("d_e", 3)]);
    }

    #[test]
    fn an_offset_has_its_line() {
        let source = Source::parse("//! one\n//! two\nx\n// three", Language::Rust);
        let line = |word| source.line_of(source.prose.find(word).unwrap());
        assert_eq!([line("one"), line("two"), line("three")], [1, 2, 4]);
    }
}
