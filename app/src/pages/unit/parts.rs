//! What was repaired in a unit, and what it is built of.

use leptos::prelude::*;

use crate::backend::{Part, Repaired};
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// What was repaired.
#[component]
pub fn Repairs(repairs: Vec<Repaired>) -> impl IntoView {
    let rows: Vec<_> = repairs
        .into_iter()
        .map(|repair| {
            let swapped = match (repair.out, repair.put_in) {
                (None, None) => None,
                (out, put_in) => {
                    let name = |part: Option<String>| part.unwrap_or_else(|| "–".to_owned());
                    Some(format!("{} → {}", name(out), name(put_in)))
                }
            };
            view! {
                <tr>
                    <td>{time::at(&repair.at)}</td>
                    <td>{repair.action}</td>
                    <td>{repair.defect.map(|defect| view! { <code>{defect}</code> })}</td>
                    <td>{swapped}</td>
                    <td class="wrap">{repair.comment}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("When"),
        Column::text("What was done"),
        Column::text("Defect"),
        Column::text("Part out → in"),
        Column::text("Comment"),
    ];
    view! {
        <section class="card" id="repairs" aria-labelledby="repairs-title">
            <h2 id="repairs-title">"What was repaired?"</h2>
            <Table label="Repairs" columns>{rows}</Table>
        </section>
    }
}

/// What it is built of.
#[component]
pub fn Parts(parts: Vec<Part>) -> impl IntoView {
    let rows: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let elsewhere: Vec<_> = part
                .elsewhere
                .into_iter()
                .map(|(serial, failed)| {
                    let there = if failed { " (not passed)" } else { "" };
                    let page = unit(&serial);
                    view! { <li><a href=page>{serial}</a>{there}</li> }
                })
                .collect();
            view! {
                <tr>
                    <th scope="row">{part.slot.or(part.name)}</th>
                    <td>{part.part}</td>
                    <td><code>{part.serial}</code></td>
                    <td>{time::at(&part.first_seen)}" – "{time::at(&part.last_seen)}</td>
                    <td>{(!elsewhere.is_empty()).then(|| view! { <ul class="plain">{elsewhere}</ul> })}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("Slot"),
        Column::text("Part"),
        Column::text("Serial number"),
        Column::text("Seen"),
        Column::text("Also in"),
    ];
    view! {
        <section class="card" aria-labelledby="parts-title">
            <h2 id="parts-title">"What is in it?"</h2>
            <Table label="Parts" columns>{rows}</Table>
        </section>
    }
}
