//! The Uploads page: the list of receipts.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use super::send::{SendCard, SentCard};
use crate::backend::{ReceiptLine, ReceiptList, Sent};
use crate::islands::live::LiveState;
use crate::ui::heading::Heading;
use crate::ui::locale::use_locale;
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::ui::table::{Column, Table};
use crate::ui::{number, time};
use crate::views::first::FirstResults;
use crate::views::frame::{Page, Section};
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "uploads",
    title: Locale::uploads_title,
    question: Some(Locale::uploads_question),
    path: "/t/{tenant}/uploads",
    access: Access::SignedIn,
    parameters: &["before", "new"],
    load: Load::Light,
    bundle: Bundle::Workbench,
    navigation: Some(Section::Uploads),
    embeddable: false,
    agent_tool: None,
    render: || view! { <Uploads/> }.into_any(),
};

/// Uploads, newest first, and the form to send files.
#[component]
pub fn Uploads() -> impl IntoView {
    let request = RequestAddress::current();
    let before = request.parameter("before");
    // Only ids: a link can mark rows, but cannot inject a text.
    let new = request.parameter("new").unwrap_or_default();
    let new: Vec<String> = new.split(',').map(str::to_owned).collect();
    let first = before.is_none();
    view! {
        <Title text=use_locale().uploads_title()/>
        <Page
            section=Section::Uploads
            load=move |backend| async move { backend.receipts(before).await }
            show=move |list| view! { <List list first new/> }.into_any()
        />
    }
}

#[component]
fn List(list: ReceiptList, first: bool, new: Vec<String>) -> impl IntoView {
    let t = use_locale();
    let ReceiptList { receipts, next } = list;
    let next = next.map(|before| {
        let address = address(&in_tenant("/uploads"), &[("before", Some(&before))]);
        view! { <p><a class="button" href=address rel="next">{t.uploads_older()}</a></p> }
    });
    let columns = vec![
        Column::text(t.uploads_time()),
        Column::text(t.uploads_result()),
        Column::number(t.uploads_new()),
        Column::number(t.uploads_updated()),
        Column::number(t.uploads_duplicates()),
        Column::text(t.uploads_format()),
        Column::text(t.uploads_sender()),
    ];
    let rows: Vec<_> = receipts
        .iter()
        .map(|receipt| view! { <Row receipt=receipt.clone() new=new.contains(&receipt.id)/> })
        .collect();
    let sent = use_context::<Sent>().map(|sent| view! { <SentCard sent/> });
    let list = match (receipts.is_empty(), first) {
        (true, true) => view! { <FirstResults has_form=true/> }.into_any(),
        (true, false) => {
            view! { <p>{t.uploads_none_older()}" "<a href=in_tenant("/uploads")>{t.uploads_newest()}</a></p> }
                .into_any()
        }
        (false, _) => view! {
            <section class="card" aria-labelledby="list-title">
                <h2 id="list-title">{if first { t.uploads_list() } else { t.uploads_list_older() }}</h2>
                <Table label=t.uploads_title() columns class="stacks brief" frame="tall">{rows}</Table>
            </section>
            {next}
        }
        .into_any(),
    };
    view! {
        <Heading title=t.uploads_title() question=t.uploads_question()/>
        <p class="figure-note">{t.uploads_order()}<LiveState/></p>
        {sent}
        // Outside of the live region: an upload may be in progress.
        {first.then(|| view! { <SendCard/> })}
        <div class="what-arrived" data-live="uploads">{list}</div>
    }
}

#[component]
fn Row(receipt: ReceiptLine, new: bool) -> impl IntoView {
    let t = use_locale();
    let result_badge = result_badge(&receipt);
    let new_mark =
        new.then(|| view! { " "<span class="badge kind">{t.uploads_just_sent()}</span> });
    let again = receipt.replay_of.is_some();
    let again =
        again.then(|| view! { " "<span class="quiet-text">{t.uploads_reprocessed()}</span> });
    view! {
        <tr class:just-sent=new>
            <th scope="row"><a href=in_tenant(&format!("/uploads/{}", receipt.id))>{time::at(&receipt.at)}</a>{new_mark}</th>
            <td>{result_badge}{again}</td>
            {tally(t.uploads_new(), receipt.accepted)}
            {tally(t.uploads_updated(), receipt.updated)}
            {tally(t.uploads_duplicates(), receipt.duplicates)}
            <td data-label=t.uploads_format()>{receipt.format}</td>
            <td data-label=t.uploads_sender() class="wrap" title=receipt.actor.clone()>{sender(t, &receipt.actor)}</td>
        </tr>
    }
}

/// A count; zero is muted.
fn tally(name: &'static str, count: u64) -> impl IntoView {
    view! { <td data-label=name class="num" class:nothing=count == 0>{number::count(count)}</td> }
}

/// The sender. Tokens have no names: the end of the id identifies them.
pub(in crate::views) fn sender(t: Locale, actor: &str) -> String {
    let end = actor.strip_prefix("token ").and_then(|id| id.get(id.len().checked_sub(8)?..));
    end.map_or_else(|| actor.to_owned(), |end| t.uploads_token(end))
}

/// The result of an upload as a badge.
pub(in crate::views) fn result_badge(receipt: &ReceiptLine) -> impl IntoView + use<> {
    let kept = receipt.accepted + receipt.updated + receipt.duplicates > 0;
    let t = use_locale();
    let (class, mark, text) = match (receipt.rejected, receipt.warnings, kept) {
        (0, 0, _) => ("badge good plain", "●", t.uploads_accepted().to_owned()),
        (0, warnings, _) => ("badge warn", "◆", t.uploads_warnings(warnings)),
        (rejected, _, true) => ("badge bad", "✕", t.uploads_lines_rejected(rejected)),
        (_, _, false) => ("badge bad", "✕", t.uploads_nothing_accepted().to_owned()),
    };
    view! { <span class=class><span aria-hidden="true">{mark}</span>{text}</span> }
}

#[cfg(test)]
mod tests {
    use messages::Locale;

    use super::sender;

    #[test]
    fn a_token_is_identified_by_the_end_of_its_id() {
        assert_eq!(
            sender(Locale::En, "token 01a206a3-6150-71bf-97db-8821fbcdcaf3"),
            "token …fbcdcaf3"
        );
        assert_eq!(sender(Locale::En, "engineer@northwind.example"), "engineer@northwind.example");
        assert_eq!(sender(Locale::En, "token é"), "token é");
    }
}
