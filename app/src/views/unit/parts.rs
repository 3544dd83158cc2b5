//! Repairs and components of a unit.

use leptos::prelude::*;

use crate::backend::{Part, Repaired};
use crate::ui::locale::use_locale;
use crate::ui::name::{Name, Prose, isolated};
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// The newest of `total` repairs.
#[component]
pub fn Repairs(repairs: Vec<Repaired>, total: u64) -> impl IntoView {
    let t = use_locale();
    let listed = repairs.len() as u64;
    let note = cut_note(listed, total, t.repairs_cut(listed, total));
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
                    <td data-label=t.repairs_action()><Name of=repair.action/></td>
                    <td data-label=t.repairs_defect()>{repair.defect.map(|defect| view! { <code><Name of=defect/></code> })}</td>
                    <td data-label=t.repairs_parts() class="wrap">{swapped}</td>
                    {commented.then(|| view! { <td data-label=t.column_comment() class="wrap">{repair.comment.map(|of| view! { <Prose of/> })}</td> })}
                </tr>
            }
        })
        .collect();
    let columns = [
        Column::text(t.column_when()),
        Column::text(t.repairs_action()),
        Column::text(t.repairs_defect()),
        Column::text(t.repairs_parts()),
    ];
    let columns = columns.into_iter().chain(commented.then(|| Column::text(t.column_comment())));
    view! {
        <section class="card" id="repairs" aria-labelledby="repairs-title">
            <h2 id="repairs-title">{t.repairs_title()}</h2>
            {note}
            <Table label=t.repairs_table() columns=columns.collect() class="stacks">{rows}</Table>
        </section>
    }
}

/// The note of a table that does not list all rows.
fn cut_note(listed: u64, total: u64, note: String) -> Option<impl IntoView + use<>> {
    (listed < total).then(|| view! { <p class="figure-note">{note}</p> })
}

/// The components: those seen last of `total` parts.
#[component]
pub fn Parts(parts: Vec<Part>, total: u64) -> impl IntoView {
    let t = use_locale();
    let listed = parts.len() as u64;
    let note = cut_note(listed, total, t.parts_cut(listed, total));
    let shared = parts.iter().any(|part| part.elsewhere.total > 0);
    let rows: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let more = match part.elsewhere.left_out() {
                0 => None,
                more => Some(view! { <li>{t.parts_more(more)}</li> }),
            };
            let elsewhere: Vec<_> = part
                .elsewhere
                .rows
                .into_iter()
                .map(|(serial, failed)| {
                    let there = failed.then(|| view! { " "{t.parts_not_passed()} });
                    let page = unit(&serial);
                    view! { <li><a href=page><Name of=serial/></a>{there}</li> }
                })
                .collect();
            let again = (part.first_seen.local != part.last_seen.local)
                .then(|| view! { " – "{time::at(&part.last_seen)} });
            view! {
                <tr>
                    <th scope="row">{part.slot.or(part.name).map(|of| view! { <Name of/> })}</th>
                    <td data-label=t.parts_part()>{part.part.map(|of| view! { <Name of/> })}</td>
                    <td data-label=t.column_serial()><code>{part.serial.map(|of| view! { <Name of/> })}</code></td>
                    <td data-label=t.parts_seen()>{time::at(&part.first_seen)}{again}</td>
                    {shared.then(|| view! { <td data-label=t.parts_also_in()><ul class="plain">{elsewhere}{more}</ul></td> })}
                </tr>
            }
        })
        .collect();
    let columns = [
        Column::text(t.parts_slot()),
        Column::text(t.parts_part()),
        Column::text(t.column_serial()),
        Column::text(t.parts_seen()),
    ];
    let columns = columns.into_iter().chain(shared.then(|| Column::text(t.parts_also_in())));
    view! {
        <section class="card" aria-labelledby="parts-title">
            <h2 id="parts-title">{t.parts_title()}</h2>
            {note}
            <Table label=t.parts_table() columns=columns.collect() class="stacks brief">{rows}</Table>
        </section>
    }
}
