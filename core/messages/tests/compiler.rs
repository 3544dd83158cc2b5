//! The compiler of the catalogue: what it accepts, what it refuses, what it writes.

#[path = "../build/mod.rs"]
mod compiler;

fn compile(locales: &[(&str, &str)]) -> Result<String, String> {
    let locale = |(tag, text): &(&str, &str)| {
        ((*tag).to_owned(), vec![(format!("{tag}/a.ftl"), (*text).to_owned())])
    };
    compiler::compile(&locales.iter().map(locale).collect::<Vec<_>>())
}

#[test]
fn plain_text_is_static() {
    let code = compile(&[("en", "title = Uploads\n")]).unwrap();
    assert!(code.contains("pub fn title(self) -> &'static str"), "{code}");
    assert!(code.contains("\"Uploads\""), "{code}");
}

#[test]
fn arguments_have_the_order_of_the_comment_in_every_language() {
    let en = "# $low and $high\nlength = between { $low } and { $high }\n";
    let xx = "length = { $high } ≥ x ≥ { $low }\n";
    let code = compile(&[("en", en), ("zh-TW", xx)]).unwrap();
    let signature = "length(self, low: impl ::core::fmt::Display, high: impl ::core::fmt::Display)";
    assert!(code.contains(signature), "{code}");
    assert!(code.contains("Self::ZhTw => { ::std::format!(\"{high} ≥ x ≥ {low}\") }"), "{code}");
}

#[test]
fn a_plural_selector_is_a_count() {
    let en = "runs = { $count ->\n    [0] none\n    [one] { $count } run\n   *[other] { $count } runs\n}\n";
    let code = compile(&[("en", en)]).unwrap();
    assert!(code.contains("runs(self, count: u64) -> ::std::string::String"), "{code}");
    assert!(code.contains("0 => {"), "{code}");
    assert!(code.contains("_ if plural(self, count) == Plural::One => {"), "{code}");
    assert!(code.contains("count = grouped(count)"), "{code}");
}

#[test]
fn a_variable_may_be_named_like_a_keyword() {
    let code = compile(&[("en", "a = of { $type }\n")]).unwrap();
    assert!(code.contains("a(self, type_: impl ::core::fmt::Display)"), "{code}");
    assert!(code.contains("\"of {type_}\""), "{code}");
}

#[test]
fn a_view_splits_the_sentence_into_parts() {
    let code = compile(&[("en", "# $link (View)\nhint = See { $link }.\n")]).unwrap();
    assert!(code.contains("hint<V>(self, link: V) -> ::std::vec::Vec<Part<V>>"), "{code}");
    assert!(code.contains("out.push(Part::View(link));"), "{code}");
}

#[test]
fn terms_and_literals_are_text() {
    let code = compile(&[("en", "-brand = Firstpass\nhello = { -brand }{\"\\u00A0\"}{\"{\"}\n")]);
    assert!(code.unwrap().contains("\"Firstpass\\u{a0}{\""));
}

#[test]
fn what_cannot_be_compiled_is_refused_with_its_name() {
    for (text, expected) in [
        ("a = x\na = y\n", "another message"),
        ("a = { $x } { $y }\n", "does not name $x"),
        ("# $z\na = { $x }\n", "names $z"),
        ("a = { NUMBER($x) }\n", "not supported"),
        ("a = x\n    .title = y\n", "not supported"),
        ("a = { -none }\n", "no term -none"),
        ("a = {\n", "a.ftl:"),
        (
            "a = { $x ->\n    [one] b\n   *[other] c\n} { $x ->\n    [in] b\n   *[out] c\n}\n",
            "by words",
        ),
    ] {
        let why = compile(&[("en", text)]).unwrap_err();
        assert!(why.contains(expected), "{text}: {why}");
    }
}

#[test]
fn a_translation_agrees_with_english() {
    let en = "a = { $x }\n";
    let refused = |xx: &str| compile(&[("en", en), ("es", xx)]).unwrap_err();
    assert!(refused("b = x\n").contains("no such message"));
    assert!(refused("a = { $y }\n").contains("no argument"));
    assert!(refused("a = { $x ->\n    [one] b\n   *[other] c\n}\n").contains("another way"));
    // What is not translated yet is English.
    assert!(compile(&[("en", en), ("es", "")]).is_ok());
}
