//! The result of one upload.

use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{Reason, ReceiptLine, ReceiptView, Remark};
use crate::ui::dialog::Dialog;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, Prose};
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::ui::table::{Column, Table};
use crate::ui::{number, time};
use crate::views::frame::{Page, Section, may_change};
use crate::views::uploads::page::{result_badge, sender};
use crate::views::uploads::parameters::AllParameters;
use crate::views::{Access, Bundle, Load, View};

/// The registry's entry.
pub const VIEW: View = View {
    id: "receipt",
    title: Locale::receipt_title,
    question: Some(Locale::receipt_question),
    path: "/t/{tenant}/uploads/{id}",
    access: Access::SignedIn,
    parameters: &["after"],
    load: Load::Light,
    bundle: Bundle::Base,
    navigation: None,
    embeddable: false,
    agent_tool: None,
    render: || view! { <Receipt/> }.into_any(),
};

/// The receipt, the reasons of rejects and warnings, and every line.
#[component]
pub fn Receipt() -> impl IntoView {
    let request = RequestAddress::current();
    let (id, after) = (request.last_segment(), request.parameter("after"));
    view! {
        <Title text=use_locale().receipt_title()/>
        <Page
            section=Section::Uploads
            load=move |backend| async move { backend.receipt(id, after).await }
            show=|receipt| view! { <Content receipt/> }.into_any()
        />
    }
}

#[component]
fn Content(receipt: ReceiptView) -> impl IntoView {
    let t = use_locale();
    let ReceiptView { receipt, params, reasons, remarks, next, replaced_by } = receipt;
    let id = receipt.id.clone();
    let note = t.receipt_note(
        time::at(&receipt.at).into_any(),
        &receipt.format,
        t.count_bytes(receipt.bytes),
        view! { <span title=receipt.actor.clone()>{sender(t, &receipt.actor)}</span> }.into_any(),
    );
    let facts = [
        (t.uploads_new(), receipt.accepted),
        (t.uploads_updated(), receipt.updated),
        (t.uploads_duplicates(), receipt.duplicates),
        (t.receipt_lines_rejected(), receipt.rejected),
        (t.receipt_warnings(), receipt.warnings),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, count)| {
            let class = if count == 0 { "nothing" } else { "figure" };
            view! { <div><dt>{name}</dt><dd class=class>{number::count(count)}</dd></div> }
        })
        .collect();
    let given: Vec<_> = params
        .iter()
        .map(|(name, value)| {
            view! { <div><dt>{name.clone()}</dt><dd><code><Name of=value.clone()/></code></dd></div> }
        })
        .collect();
    let actions = may_change().then(|| {
        let raw = format!("/api/v1/receipts/{id}/raw");
        view! {
            <div class="actions">
                <Replay id=id.clone() params/>
                <a class="button" href=raw download>{t.receipt_download()}</a>
            </div>
        }
    });
    let of = receipt.replay_of.as_ref().map(|of| {
        let address = in_tenant(&format!("/uploads/{of}"));
        let link = view! { <a href=address>{t.receipt_replay_of_link()}</a> }.into_any();
        view! { <p class="relation">{sentence(t.receipt_replay_of(link))}</p> }
    });
    let by = replaced_by.map(|by| {
        let address = in_tenant(&format!("/uploads/{by}"));
        let link = view! { <a href=address>{t.receipt_replaced_by_link()}</a> }.into_any();
        view! { <p class="relation">{sentence(t.receipt_replaced_by(link))}</p> }
    });
    let next = next.map(|after| {
        let address = address(&in_tenant(&format!("/uploads/{id}")), &[("after", Some(&after))]);
        view! { <p><a class="button" href=address rel="next">{t.receipt_more_lines()}</a></p> }
    });
    let (rejected, warned): (Vec<_>, Vec<_>) =
        reasons.into_iter().partition(|reason| reason.code.is_none());
    view! {
        <p class="crumbs"><a href=in_tenant("/uploads")>{t.uploads_title()}</a></p>
        <h1>{t.receipt_title()}" "{result_badge(&receipt)}</h1>
        <p class="figure-note">{sentence(note)}</p>
        {of}
        {by}
        <section class="card" aria-label=t.receipt_summary()>
            <p class="in-short">{summary(t, &receipt)}</p>
            <dl class="facts">{facts}</dl>
            {(!given.is_empty()).then(|| view! {
                <h2>{t.receipt_parameters()}</h2>
                <dl class="facts">{given}</dl>
            })}
            {actions}
        </section>
        {(!rejected.is_empty()).then(|| view! { <Reasons title=t.receipt_rejects_title() reasons=rejected/> })}
        {(!warned.is_empty()).then(|| view! { <Reasons title=t.receipt_warnings_title() reasons=warned/> })}
        {(!remarks.is_empty()).then(|| view! { <Lines remarks/>{next} })}
    }
}

/// The result in sentences.
fn summary(t: Locale, receipt: &ReceiptLine) -> String {
    let mut sentences = Vec::new();
    let ReceiptLine { accepted, updated, duplicates, rejected, .. } = *receipt;
    if accepted > 0 {
        sentences.push(t.receipt_accepted(accepted));
    }
    if updated > 0 {
        sentences.push(t.receipt_updated(updated));
    }
    if duplicates > 0 {
        sentences.push(t.receipt_duplicates(duplicates));
    }
    if sentences.is_empty() {
        sentences.push(t.receipt_nothing().to_owned());
    }
    if rejected > 0 {
        sentences.push(t.receipt_rejected(rejected));
    }
    sentences.join(" ")
}

/// The form that reprocesses the file.
#[component]
fn Replay(id: String, params: Vec<(String, String)>) -> impl IntoView {
    let t = use_locale();
    view! {
        <Dialog id="replay".to_owned() opener=t.replay_open() title=t.replay_title().to_owned()>
            <p>{t.replay_hint()}</p>
            <form method="post" action=in_tenant(&format!("/uploads/{id}/replay"))>
                <AllParameters given=params/>
                <button class="primary">{t.replay_submit()}</button>
            </form>
        </Dialog>
    }
}

/// Remarks of one kind by reason: the sentence, the count, the first lines, and the remedy.
#[component]
fn Reasons(title: &'static str, reasons: Vec<Reason>) -> impl IntoView {
    let t = use_locale();
    let items: Vec<_> = reasons
        .into_iter()
        .map(|Reason { code, why, remedy, lines, first_lines }| {
            let code = code.map(|code| {
                view! { <span class="badge warn">{code.replace('_', " ")}</span> }
            });
            view! {
                <li>
                    <p class="reason-head">
                        <span class="reason-why"><Prose of=why/></span>
                        {code}
                    </p>
                    <p class="quiet-text">{line_numbers(t, lines, &first_lines)}</p>
                    {remedy.map(|remedy| view! { <p><strong>{t.receipt_remedy()}</strong>" "{remedy}</p> })}
                </li>
            }
        })
        .collect();
    view! {
        <section class="card" aria-label=title>
            <h2>{title}</h2>
            <ul class="reasons">{items}</ul>
        </section>
    }
}

/// The number of lines, and the numbers of the first.
fn line_numbers(t: Locale, all: u64, first: &[u64]) -> String {
    let named: Vec<_> = first.iter().map(|line| number::count(*line)).collect();
    let named = named.join(", ");
    match all.saturating_sub(first.len() as u64) {
        0 => t.receipt_at_lines(all, named),
        more => t.receipt_at_lines_more(all, named, more),
    }
}

#[component]
fn Lines(remarks: Vec<Remark>) -> impl IntoView {
    let t = use_locale();
    let rows: Vec<_> = remarks
        .into_iter()
        .map(|remark| {
            view! {
                <tr>
                    <td class="num">{number::count(remark.line)}</td>
                    <td>{remark.code.unwrap_or_else(|| t.receipt_kind_rejected().to_owned())}</td>
                    <td class="wrap"><Prose of=remark.why/></td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::number(t.receipt_line()),
        Column::text(t.receipt_kind()),
        Column::text(t.receipt_reason()),
    ];
    view! {
        <section class="card" aria-labelledby="lines-title">
            <h2 id="lines-title">{t.receipt_lines_title()}</h2>
            <Table label=t.receipt_lines() columns>{rows}</Table>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use messages::Locale;

    use super::line_numbers;

    #[test]
    fn the_first_line_numbers_are_listed() {
        assert_eq!(line_numbers(Locale::En, 1, &[7]), "1 line: 7");
        assert_eq!(line_numbers(Locale::En, 2, &[7, 9]), "2 lines: 7, 9");
        assert_eq!(
            line_numbers(Locale::En, 25, &[2, 3, 4, 5, 6]),
            "25 lines: 2, 3, 4, 5, 6 and 20 more"
        );
    }
}
