//! What came of one upload.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::frame::{Page, Section};
use super::uploads::verdict;
use crate::backend::{Reason, ReceiptView, Remark};
use crate::ui::query::address;
use crate::ui::table::{Column, Table};
use crate::ui::{number, time};

/// The receipt, why lines were not taken, and every line.
#[component]
pub fn Receipt() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let after = use_query_map().get_untracked().get("after");
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
    let ReceiptView { receipt, params, reasons, remarks, next, may_read_raw } = receipt;
    let id = receipt.id.clone();
    let facts = [
        ("Received", receipt.at.local.clone()),
        ("Format", receipt.format.clone()),
        ("Size", format!("{} bytes", number::count(receipt.bytes))),
        ("Sent by", receipt.actor.clone()),
        ("New", number::count(receipt.accepted)),
        ("Updated", number::count(receipt.updated)),
        ("Here already", number::count(receipt.duplicates)),
        ("Lines rejected", number::count(receipt.rejected)),
        ("Warnings", number::count(receipt.warnings)),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> })
        .collect();
    let params: Vec<_> = params
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd><code>{value}</code></dd></div> })
        .collect();
    let raw = may_read_raw.then(|| {
        let address = format!("/api/v1/receipts/{id}/raw");
        view! { <p><a class="button" href=address download>"The bytes as they were sent"</a></p> }
    });
    let replayed = receipt.replay_of.as_ref().map(|of| {
        let address = format!("/uploads/{of}");
        view! { <p>"The bytes of "<a href=address>"an earlier upload"</a>" were read again."</p> }
    });
    let next = next.map(|after| {
        let address = address(&format!("/uploads/{id}"), &[("after", Some(&after))]);
        view! { <p><a class="button" href=address rel="next">"More lines"</a></p> }
    });
    view! {
        <p class="crumbs"><a href="/uploads">"Uploads"</a></p>
        <h1>"What came of it? "{verdict(&receipt)}</h1>
        <p class="figure-note">{time::at(&receipt.at)}</p>
        {replayed}
        <section class="card">
            <dl class="facts">{facts}</dl>
            {(!params.is_empty()).then(|| view! {
                <h2>"Parameters"</h2>
                <dl class="facts">{params}</dl>
            })}
            {raw}
        </section>
        {(!reasons.is_empty()).then(|| view! { <Reasons reasons/> })}
        {(!remarks.is_empty()).then(|| view! { <Lines remarks/>{next} })}
    }
}

#[component]
fn Reasons(reasons: Vec<Reason>) -> impl IntoView {
    let rows: Vec<_> = reasons
        .into_iter()
        .map(|reason| {
            let (class, what) = match reason.code {
                None => ("badge bad", "rejected".to_owned()),
                Some(code) => ("badge warn", code),
            };
            view! {
                <tr>
                    <td><span class=class>{what}</span></td>
                    <td class="num">{number::count(reason.lines)}</td>
                    <td class="num">{number::count(reason.first_line)}</td>
                    <td class="wrap">{reason.why}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("What"),
        Column::number("Lines"),
        Column::number("First at line"),
        Column::text("Why"),
    ];
    view! {
        <section class="card" aria-labelledby="reasons-title">
            <h2 id="reasons-title">"Why, and what to do"</h2>
            <Table label="Reasons" columns>{rows}</Table>
        </section>
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
                    <td class="wrap">{remark.why}</td>
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
