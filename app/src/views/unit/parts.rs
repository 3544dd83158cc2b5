//! What was repaired in a unit, and what it is built of.

use leptos::prelude::*;

use crate::backend::{Part, Repaired};
use crate::ui::name::{Name, Prose, isolated};
use crate::ui::number;
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// What was repaired, the newest of `total` repairs.
#[component]
pub fn Repairs(repairs: Vec<Repaired>, total: u64) -> impl IntoView {
    let note = cut_note("The newest", repairs.len(), total, "repairs");
    let commented = repairs.iter().any(|repair| repair.comment.is_some());
    let rows: Vec<_> = repairs
        .into_iter()
        .map(|repair| {
            let swapped = match (repair.out, repair.put_in) {
                (None, None) => None,
                (out, put_in) => {
                    let name = |part: Option<String>| part.map_or_else(|| "–".to_owned(), |part| isolated(&part));
                    Some(format!("{} → {}", name(out), name(put_in)))
                }
            };
            view! {
                <tr>
                    <th scope="row">{time::at(&repair.at)}</th>
                    <td data-label="What was done"><Name of=repair.action/></td>
                    <td data-label="Defect">{repair.defect.map(|defect| view! { <code><Name of=defect/></code> })}</td>
                    <td data-label="Part out → in" class="wrap">{swapped}</td>
                    {commented.then(|| view! { <td data-label="Comment" class="wrap">{repair.comment.map(|of| view! { <Prose of/> })}</td> })}
                </tr>
            }
        })
        .collect();
    let columns = [
        Column::text("When"),
        Column::text("What was done"),
        Column::text("Defect"),
        Column::text("Part out → in"),
    ];
    let columns = columns.into_iter().chain(commented.then(|| Column::text("Comment")));
    view! {
        <section class="card" id="repairs" aria-labelledby="repairs-title">
            <h2 id="repairs-title">"What was repaired?"</h2>
            {note}
            <Table label="Repairs" columns=columns.collect() class="stacks">{rows}</Table>
        </section>
    }
}

/// Says how many of `total` rows a table lists, where it does not list all.
fn cut_note(which: &str, listed: usize, total: u64, rows: &str) -> Option<impl IntoView + use<>> {
    let listed = listed as u64;
    let note = format!("{which} {} of {} {rows}", number::count(listed), number::count(total));
    (listed < total).then(|| view! { <p class="figure-note">{note}</p> })
}

/// What it is built of, the last seen of `total` parts.
#[component]
pub fn Parts(parts: Vec<Part>, total: u64) -> impl IntoView {
    let note = cut_note("The last seen", parts.len(), total, "parts");
    let shared = parts.iter().any(|part| part.elsewhere.total > 0);
    let rows: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let more = match part.elsewhere.left_out() {
                0 => None,
                more => Some(view! { <li>{format!("and {} more", number::count(more))}</li> }),
            };
            let elsewhere: Vec<_> = part
                .elsewhere
                .rows
                .into_iter()
                .map(|(serial, failed)| {
                    let there = if failed { " (not passed)" } else { "" };
                    let page = unit(&serial);
                    view! { <li><a href=page><Name of=serial/></a>{there}</li> }
                })
                .collect();
            let again = (part.first_seen.local != part.last_seen.local)
                .then(|| view! { " – "{time::at(&part.last_seen)} });
            view! {
                <tr>
                    <th scope="row">{part.slot.or(part.name).map(|of| view! { <Name of/> })}</th>
                    <td data-label="Part">{part.part.map(|of| view! { <Name of/> })}</td>
                    <td data-label="Serial number"><code>{part.serial.map(|of| view! { <Name of/> })}</code></td>
                    <td data-label="Seen">{time::at(&part.first_seen)}{again}</td>
                    {shared.then(|| view! { <td data-label="Also in"><ul class="plain">{elsewhere}{more}</ul></td> })}
                </tr>
            }
        })
        .collect();
    let columns = [
        Column::text("Slot"),
        Column::text("Part"),
        Column::text("Serial number"),
        Column::text("Seen"),
    ];
    let columns = columns.into_iter().chain(shared.then(|| Column::text("Also in")));
    view! {
        <section class="card" aria-labelledby="parts-title">
            <h2 id="parts-title">"What is in it?"</h2>
            {note}
            <Table label="Parts" columns=columns.collect() class="stacks brief">{rows}</Table>
        </section>
    }
}
