//! Units: finding a serial number.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::frame::{Page, Section};
use crate::backend::{Search, UnitLine, UnitList};
use crate::ui::empty::{Empty, FirstResults};
use crate::ui::query::{address, unit};
use crate::ui::table::{Column, Table};
use crate::ui::{badge, number, time};

/// A search and what it finds.
#[component]
pub fn Units() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let part = query.get("q").unwrap_or_default().trim().to_owned();
    let search = Search { part: part.clone(), after: query.get("after") };
    view! {
        <Title text="Units"/>
        <Page
            section=Section::Units
            load=move |backend| async move { backend.units(search).await }
            show=move |list| view! { <Found list part/> }.into_any()
        />
    }
}

#[component]
fn Found(list: UnitList, part: String) -> impl IntoView {
    let UnitList { units, next, any } = list;
    let next = next.map(|after| {
        let pairs = [("q", Some(part.as_str()).filter(|q| !q.is_empty())), ("after", Some(&after))];
        view! { <p><a class="button" href=address("/units", &pairs) rel="next">"More units"</a></p> }
    });
    let found = match (units.is_empty(), any) {
        (false, _) => view! { <List units/>{next} }.into_any(),
        (true, true) => view! {
            <Empty title=format!("No serial number has “{part}” in it")>
                <p>"The search takes any part of a serial, in capitals or not. "<a href="/units">"All units"</a></p>
            </Empty>
        }
        .into_any(),
        (true, false) => view! { <FirstResults/> }.into_any(),
    };
    view! {
        <h1>"Which unit?"</h1>
        <form class="search" role="search" action="/units">
            <label for="q">"Any part of a serial number"</label>
            <div class="search-row">
                <input id="q" name="q" type="search" value=part autocomplete="off" spellcheck="false"/>
                <button class="primary">"Search"</button>
            </div>
        </form>
        {found}
    }
}

#[component]
fn List(units: Vec<UnitLine>) -> impl IntoView {
    let rows: Vec<_> = units
        .into_iter()
        .map(|line| {
            let product = [line.product, line.revision].into_iter().flatten().collect::<Vec<_>>();
            view! {
                <tr>
                    <th scope="row"><a href=unit(&line.serial)>{line.serial.clone()}</a>" "{badge::kind(line.kind)}</th>
                    <td>{product.join(" · ")}</td>
                    <td class="num">{number::count(line.runs)}</td>
                    <td>{line.latest.as_ref().map(time::at)}</td>
                </tr>
            }
        })
        .collect();
    let columns = vec![
        Column::text("Serial number"),
        Column::text("Product"),
        Column::number("Runs"),
        Column::text("Latest run"),
    ];
    view! {
        <div class="card"><Table label="Units" columns frame="tall">{rows}</Table></div>
    }
}
