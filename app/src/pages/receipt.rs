//! What came of one upload.

use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::{Page, Section, may_change};
use super::parameters::AllParameters;
use super::uploads::{sender, verdict};
use crate::backend::{Reason, ReceiptLine, ReceiptView, Remark};
use crate::ui::dialog::Dialog;
use crate::ui::name::{Name, Prose};
use crate::ui::query::{RequestAddress, address, in_tenant};
use crate::ui::table::{Column, Table};
use crate::ui::{number, time};

/// The receipt, why lines were not taken, and every line.
#[component]
pub fn Receipt() -> impl IntoView {
    let request = RequestAddress::current();
    let (id, after) = (request.last_segment(), request.parameter("after"));
    view! {
        <Title text="An upload"/>
        <Page
            section=Section::Uploads
            load=move |backend| async move { backend.receipt(id, after).await }
            show=|receipt| view! { <Shown receipt/> }.into_any()
        />
    }
}

#[component]
fn Shown(receipt: ReceiptView) -> impl IntoView {
    let ReceiptView { receipt, params, reasons, remarks, next, replaced_by } = receipt;
    let id = receipt.id.clone();
    let note =
        format!(" · {}, {} · sent by ", receipt.format, number::of(receipt.bytes, "byte", "bytes"));
    let facts = [
        ("New", receipt.accepted),
        ("Updated", receipt.updated),
        ("Here already", receipt.duplicates),
        ("Lines rejected", receipt.rejected),
        ("Warnings", receipt.warnings),
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
                <a class="button" href=raw download>"The file as it was sent"</a>
            </div>
        }
    });
    let of = receipt.replay_of.as_ref().map(|of| {
        let address = in_tenant(&format!("/uploads/{of}"));
        view! { <p class="relation">"This is another reading of "<a href=address>"an earlier upload"</a>"."</p> }
    });
    let by = replaced_by.map(|by| {
        let address = in_tenant(&format!("/uploads/{by}"));
        view! { <p class="relation">"It was read again since: what came of it was replaced by "<a href=address>"a later reading"</a>"."</p> }
    });
    let next = next.map(|after| {
        let address = address(&in_tenant(&format!("/uploads/{id}")), &[("after", Some(&after))]);
        view! { <p><a class="button" href=address rel="next">"More lines"</a></p> }
    });
    let (rejected, warned): (Vec<_>, Vec<_>) =
        reasons.into_iter().partition(|reason| reason.code.is_none());
    view! {
        <p class="crumbs"><a href=in_tenant("/uploads")>"Uploads"</a></p>
        <h1>"What came of it? "{verdict(&receipt)}</h1>
        <p class="figure-note">{time::at(&receipt.at)}{note}<span title=receipt.actor.clone()>{sender(&receipt.actor)}</span></p>
        {of}
        {by}
        <section class="card" aria-label="In short">
            <p class="in-short">{in_words(&receipt)}</p>
            <dl class="facts">{facts}</dl>
            {(!given.is_empty()).then(|| view! {
                <h2>"Sent along"</h2>
                <dl class="facts">{given}</dl>
            })}
            {actions}
        </section>
        {(!rejected.is_empty()).then(|| view! { <Reasons title="What was rejected, and what to do" reasons=rejected/> })}
        {(!warned.is_empty()).then(|| view! { <Reasons title="What was odd, and what to do" reasons=warned/> })}
        {(!remarks.is_empty()).then(|| view! { <Lines remarks/>{next} })}
    }
}

/// What came of it, as one would say it.
fn in_words(receipt: &ReceiptLine) -> String {
    let things = |count: u64, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        many_of_them => format!("{} {many}", number::count(many_of_them)),
    };
    let mut said = Vec::new();
    let ReceiptLine { accepted, updated, duplicates, rejected, .. } = *receipt;
    if accepted > 0 {
        said.push(things(accepted, "run or repair is new.", "runs and repairs are new."));
    }
    if updated > 0 {
        let one = "took the place of a lesser version of itself.";
        said.push(things(updated, one, "took the place of lesser versions of themselves."));
    }
    if duplicates > 0 {
        let one = "was here already, and does not count twice.";
        said.push(things(duplicates, one, "were here already, and do not count twice."));
    }
    if said.is_empty() {
        said.push("No run and no repair could be taken from it.".to_owned());
    }
    if rejected > 0 {
        said.push(things(rejected, "line could not be used.", "lines could not be used."));
    }
    said.join(" ")
}

/// The form to have the file read again.
#[component]
fn Replay(id: String, params: Vec<(String, String)>) -> impl IntoView {
    view! {
        <Dialog id="replay".to_owned() opener="Read it again" title="Read this file again?".to_owned()>
            <p>"The kept file is read anew, with what stands below. What comes of it takes the place of what came of it before, in one go; where nothing comes of it, everything stays. Clear a field to leave it to the data."</p>
            <form method="post" action=in_tenant(&format!("/uploads/{id}/replay"))>
                <AllParameters given=params/>
                <button class="primary">"Read it again"</button>
            </form>
        </Dialog>
    }
}

/// Remarks of one kind by reason: the sentence, how often and where it first was, and what
/// to do.
#[component]
fn Reasons(title: &'static str, reasons: Vec<Reason>) -> impl IntoView {
    let items: Vec<_> = reasons
        .into_iter()
        .map(|Reason { code, why, remedy, lines, first_lines }| {
            let code = code.map(|code| {
                view! { <span class="badge warn">{code.replace('_', " ")}</span> }
            });
            let counted = (lines > 1).then(|| format!("{} lines: ", number::count(lines)));
            view! {
                <li>
                    <p class="reason-head">
                        <span class="reason-why"><Prose of=why/></span>
                        {code}
                    </p>
                    <p class="quiet-text">{counted}{places(lines, &first_lines)}</p>
                    {remedy.map(|remedy| view! { <p><strong>"What to do: "</strong>{remedy}</p> })}
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

/// Where the first of so many remarks are.
fn places(all: u64, first: &[u64]) -> String {
    let named: Vec<_> = first.iter().map(|line| number::count(*line)).collect();
    let word = if all == 1 { "line" } else { "lines" };
    match all.saturating_sub(first.len() as u64) {
        0 => format!("{word} {}", named.join(", ")),
        more => format!("{word} {} and {} more", named.join(", "), number::count(more)),
    }
}

#[component]
fn Lines(remarks: Vec<Remark>) -> impl IntoView {
    let rows: Vec<_> = remarks
        .into_iter()
        .map(|remark| {
            view! {
                <tr>
                    <td class="num">{number::count(remark.line)}</td>
                    <td>{remark.code.unwrap_or_else(|| "rejected".to_owned())}</td>
                    <td class="wrap"><Prose of=remark.why/></td>
                </tr>
            }
        })
        .collect();
    let columns = vec![Column::number("Line"), Column::text("What"), Column::text("Why")];
    view! {
        <section class="card" aria-labelledby="lines-title">
            <h2 id="lines-title">"Line by line"</h2>
            <Table label="Lines" columns>{rows}</Table>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn places_are_named_until_there_are_too_many() {
        assert_eq!(places(1, &[7]), "line 7");
        assert_eq!(places(2, &[7, 9]), "lines 7, 9");
        assert_eq!(places(25, &[2, 3, 4, 5, 6]), "lines 2, 3, 4, 5, 6 and 20 more");
    }
}
