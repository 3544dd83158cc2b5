//! Did my data arrive?

use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::{Page, Section};
use super::send::{SendCard, SentCard};
use crate::backend::{ReceiptLine, ReceiptList, Sent};
use crate::islands::live::LiveState;
use crate::ui::empty::FirstResults;
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::ui::table::{Column, Table};
use crate::ui::{number, time};

/// Uploads from the newest on, and a place to drop files.
#[component]
pub fn Uploads() -> impl IntoView {
    let request = RequestAddress::current();
    let before = request.parameter("before");
    // Ids alone: a link marks rows and says nothing.
    let new = request.parameter("new").unwrap_or_default();
    let new: Vec<String> = new.split(',').map(str::to_owned).collect();
    let first = before.is_none();
    view! {
        <Title text="Uploads"/>
        <Page
            section=Section::Uploads
            load=move |backend| async move { backend.receipts(before).await }
            show=move |list| view! { <List list first new/> }.into_any()
        />
    }
}

#[component]
fn List(list: ReceiptList, first: bool, new: Vec<String>) -> impl IntoView {
    let ReceiptList { receipts, next } = list;
    let next = next.map(|before| {
        let address = address(&in_tenant("/uploads"), &[("before", Some(&before))]);
        view! { <p><a class="button" href=address rel="next">"Older uploads"</a></p> }
    });
    let columns = vec![
        Column::text("When"),
        Column::text("Came of it"),
        Column::number("New"),
        Column::number("Updated"),
        Column::number("Here already"),
        Column::text("Format"),
        Column::text("Sent by"),
    ];
    let rows: Vec<_> = receipts
        .iter()
        .map(|receipt| view! { <Row receipt=receipt.clone() new=new.contains(&receipt.id)/> })
        .collect();
    let sent = use_context::<Sent>().map(|sent| view! { <SentCard sent/> });
    let list = match (receipts.is_empty(), first) {
        (true, true) => view! { <FirstResults form_stands=true/> }.into_any(),
        (true, false) => {
            view! { <p>"There are no older uploads. "<a href=in_tenant("/uploads")>"The newest"</a></p> }
                .into_any()
        }
        (false, _) => view! {
            <section class="card" aria-labelledby="list-title">
                <h2 id="list-title">{if first { "What arrived" } else { "What arrived before" }}</h2>
                <Table label="Uploads" columns class="stacks brief" frame="tall">{rows}</Table>
            </section>
            {next}
        }
        .into_any(),
    };
    view! {
        <h1>"Did my data arrive?"</h1>
        <p class="figure-note">"The newest first"<LiveState/></p>
        {sent}
        // Outside of what renews itself: files may be on their way.
        {first.then(|| view! { <SendCard/> })}
        <div class="what-arrived" data-live="uploads">{list}</div>
    }
}

#[component]
fn Row(receipt: ReceiptLine, new: bool) -> impl IntoView {
    let verdict = verdict(&receipt);
    let new_mark = new.then(|| view! { " "<span class="badge kind">"just sent"</span> });
    let again = receipt.replay_of.is_some();
    let again = again.then(|| view! { " "<span class="quiet-text">"read again"</span> });
    view! {
        <tr class:just-sent=new>
            <th scope="row"><a href=in_tenant(&format!("/uploads/{}", receipt.id))>{time::at(&receipt.at)}</a>{new_mark}</th>
            <td>{verdict}{again}</td>
            {tally("New", receipt.accepted)}
            {tally("Updated", receipt.updated)}
            {tally("Here already", receipt.duplicates)}
            <td data-label="Format">{receipt.format}</td>
            <td data-label="Sent by" class="wrap" title=receipt.actor.clone()>{sender(&receipt.actor)}</td>
        </tr>
    }
}

/// So many; nothing stands back.
fn tally(name: &'static str, count: u64) -> impl IntoView {
    view! { <td data-label=name class="num" class:nothing=count == 0>{number::count(count)}</td> }
}

/// Who sent it. Tokens have no names: the end of an id tells them apart.
pub(super) fn sender(actor: &str) -> String {
    let end = actor.strip_prefix("token ").and_then(|id| id.get(id.len().checked_sub(8)?..));
    end.map_or_else(|| actor.to_owned(), |end| format!("token …{end}"))
}

/// What came of an upload, in a word.
pub(super) fn verdict(receipt: &ReceiptLine) -> impl IntoView + use<> {
    let kept = receipt.accepted + receipt.updated + receipt.duplicates > 0;
    let lines = |count: u64, what: &str| match count {
        1 => format!("1 {what}"),
        many => format!("{} {what}s", number::count(many)),
    };
    let (class, mark, text) = match (receipt.rejected, receipt.warnings, kept) {
        (0, 0, _) => ("badge good plain", "●", "all taken".to_owned()),
        (0, warnings, _) => ("badge warn", "◆", lines(warnings, "warning")),
        (rejected, _, true) => ("badge bad", "✕", format!("{} rejected", lines(rejected, "line"))),
        (_, _, false) => ("badge bad", "✕", "nothing taken".to_owned()),
    };
    view! { <span class=class><span aria-hidden="true">{mark}</span>{text}</span> }
}

#[cfg(test)]
mod tests {
    use super::sender;

    #[test]
    fn a_token_is_told_by_the_end_of_its_id() {
        assert_eq!(sender("token 01a206a3-6150-71bf-97db-8821fbcdcaf3"), "token …fbcdcaf3");
        assert_eq!(sender("engineer@northwind.example"), "engineer@northwind.example");
        assert_eq!(sender("token é"), "token é");
    }
}
