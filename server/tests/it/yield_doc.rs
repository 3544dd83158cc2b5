//! `docs/yield.md` is correct: its examples are run, and its lists are complete.

use domain::dimension::{ANY_ATTRIBUTE, Field};
use domain::yields::{Aborted, Definition, Reason};
use engine::proportion::Method;

use crate::support::document::Document;

const DOCUMENT: Document =
    Document { name: "yield.md", text: include_str!("../../../docs/yield.md") };

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_do_what_the_document_says() {
    DOCUMENT.examples_do_what_it_says().await;
}

#[test]
fn every_word_of_a_question_and_every_reason_is_named() {
    let named = |word: &str| assert!(DOCUMENT.text.contains(&format!("`{word}`")), "{word}");
    Definition::ALL.iter().for_each(|it| named(it.as_str()));
    Field::ALL.iter().for_each(|it| named(it.as_str()));
    named(ANY_ATTRIBUTE);
    Reason::ALL.iter().for_each(|it| named(it.as_str()));
    Method::ALL.iter().for_each(|it| named(it.id()));
    for aborted in Aborted::ALL {
        named(&format!("aborted={aborted}"));
    }
}
