//! Units: finding a serial number.

use domain::UnitKind;
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{Search, UnitLine, UnitList};
use crate::explore::State;
use crate::ui::empty::{Empty, FirstResults};
use crate::ui::name::{Name, isolated};
use crate::ui::query::{RequestAddress, address, in_tenant, unit};
use crate::ui::table::{Column, Table};
use crate::ui::{badge, number, time};
use crate::views::explore::page::TooLong;
use crate::views::frame::{Page, Section};
use crate::views::{Access, Bundle, Load, View};

/// An address is no longer than proxies take for certain, which is 8 KiB for a whole line.
const ADDRESS_BYTES: usize = 6000;

/// The registry's entry.
pub const VIEW: View = View {
    id: "units",
    title: Locale::units_title,
    question: Some(Locale::units_question),
    path: "/t/{tenant}/units",
    access: Access::SignedIn,
    parameters: &["q", "code", "kind", "state", "slice", "ended", "after"],
    load: Load::Heavy,
    bundle: Bundle::Base,
    navigation: Some(Section::Units),
    embeddable: false,
    agent_tool: None,
    render: || view! { <Units/> }.into_any(),
};

/// A search and what it finds.
#[component]
pub fn Units() -> impl IntoView {
    let request = RequestAddress::current();
    let text = |name: &str| {
        request.parameter(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let search = Search {
        part: text("q").unwrap_or_default(),
        code: text("code"),
        kind: text("kind").and_then(|kind| kind.parse().ok()),
        not_passed: text("state").as_deref() == Some("not-passed"),
        slice: text("slice").map(|query| State::of(&query)),
        slice_not_passed: text("ended").as_deref() == Some("not-passed"),
        after: text("after"),
    };
    let too_long = search.slice.as_ref().is_some_and(State::is_too_long);
    let wanted = (!too_long).then(|| search.clone());
    view! {
        <Title text="Units"/>
        <Page
            section=Section::Units
            load=move |backend| async move {
                let Some(wanted) = wanted else { return Ok(None) };
                backend.units(wanted).await.map(Some)
            }
            show=move |list| match list {
                Some(list) => view! { <Found list search/> }.into_any(),
                None => view! { <TooLong/> }.into_any(),
            }
        />
    }
}

#[component]
fn Found(list: UnitList, search: Search) -> impl IntoView {
    let UnitList { units, next, any, codes } = list;
    let narrowed = !search.part.is_empty()
        || search.code.is_some()
        || search.kind.is_some()
        || search.slice.is_some()
        || search.not_passed;
    let next = next.map(|after| {
        let href = page(&search, &after);
        if href.len() > ADDRESS_BYTES {
            return view! { <p>"There are more units. The search is too long for a link to the next page: narrow it."</p> }.into_any();
        }
        view! { <p><a class="button" href=href rel="next">"More units"</a></p> }.into_any()
    });
    let found = match (units.is_empty(), any) {
        (false, _) => view! { <List units/>{next} }.into_any(),
        (true, true) => view! {
            <Empty title=nothing(&search)>
                <p>"A serial is found by any part of it, in capitals or not; all that is chosen must hold. "<a href=in_tenant("/units")>"All units"</a></p>
            </Empty>
        }
        .into_any(),
        (true, false) => view! { <FirstResults/> }.into_any(),
    };
    let codes: Vec<_> =
        codes.into_iter().map(|code| view! { <option value=code></option> }).collect();
    let kinds: Vec<_> = [UnitKind::Production, UnitKind::Golden, UnitKind::Reference]
        .into_iter()
        .map(|kind| {
            let selected = search.kind == Some(kind);
            view! { <option value=kind.as_str() selected=selected>{kind.as_str()}</option> }
        })
        .collect();
    view! {
        <h1>"Which unit?"</h1>
        {search.slice.as_ref().map(sliced)}
        <form class="search" role="search" action=in_tenant("/units")>
            <div>
                <label for="q">"Part of the serial number"</label>
                <input id="q" name="q" type="search" value=search.part.clone() autocomplete="off" spellcheck="false"/>
            </div>
            <div>
                <label for="code">"Ever failed with the code"</label>
                <input id="code" name="code" list="codes" value=search.code.clone() autocomplete="off" spellcheck="false"/>
                <datalist id="codes">{codes}</datalist>
            </div>
            <div>
                <label for="state">"Latest run"</label>
                <select id="state" name="state">
                    <option value="">"passed or not"</option>
                    <option value="not-passed" selected=search.not_passed>"did not pass"</option>
                </select>
            </div>
            {search.slice.as_ref().map(|slice| view! {
                <div>
                    <input type="hidden" name="slice" value=slice.query()/>
                    <label for="ended">"Runs of the slice"</label>
                    <select id="ended" name="ended">
                        <option value="">"passed or not"</option>
                        <option value="not-passed" selected=search.slice_not_passed>"did not pass"</option>
                    </select>
                </div>
            })}
            <div>
                <label for="kind">"Unit is for"</label>
                <select id="kind" name="kind">
                    <option value="">"anything"</option>
                    {kinds}
                </select>
            </div>
            <div class="search-row">
                <button class="primary">"Search"</button>
                {narrowed.then(|| view! { <a href=in_tenant("/units")>"Show all"</a> })}
            </div>
        </form>
        {found}
    }
}

/// The slice of Explore whose units these are.
fn sliced(slice: &State) -> impl IntoView + use<> {
    view! {
        <p class="slice-of">
            <strong>"Units of a slice: "</strong>
            {slice.sentence()}" "{slice.period()}", counted by "{slice.definition.as_str()}". "
            <a href=slice.address()>"Back to Explore"</a>
        </p>
    }
}

/// The page after that serial.
fn page(search: &Search, after: &str) -> String {
    let slice = search.slice.as_ref().map(State::query);
    let pairs = [
        ("q", Some(search.part.as_str()).filter(|q| !q.is_empty())),
        ("code", search.code.as_deref()),
        ("state", search.not_passed.then_some("not-passed")),
        ("kind", search.kind.map(UnitKind::as_str)),
        ("slice", slice.as_deref()),
        ("ended", search.slice_not_passed.then_some("not-passed")),
        ("after", Some(after)),
    ];
    address(&in_tenant("/units"), &pairs)
}

/// Why nothing was found.
fn nothing(search: &Search) -> String {
    let mut wanted = Vec::new();
    if !search.part.is_empty() {
        wanted.push(format!("has “{}” in its serial number", isolated(&search.part)));
    }
    if let Some(code) = &search.code {
        wanted.push(format!("ever failed with “{}”", isolated(code)));
    }
    if search.slice.is_some() {
        wanted.push(match search.slice_not_passed {
            true => "has a run in the slice that did not pass".to_owned(),
            false => "has a counted run in the slice".to_owned(),
        });
    }
    if search.not_passed {
        wanted.push("did not pass its latest run".to_owned());
    }
    if let Some(kind) = search.kind {
        wanted.push(format!("is for {kind}"));
    }
    match wanted.is_empty() {
        true => "There are no more units".to_owned(),
        false => format!("No unit {}", wanted.join(" and ")),
    }
}

#[component]
fn List(units: Vec<UnitLine>) -> impl IntoView {
    let rows: Vec<_> = units
        .into_iter()
        .map(|line| {
            let product = [line.product, line.revision].into_iter().flatten();
            let product: Vec<_> = product.map(|name| isolated(&name)).collect();
            view! {
                <tr>
                    <th scope="row"><a href=unit(&line.serial)><Name of=line.serial.clone()/></a>" "{badge::kind(line.kind)}</th>
                    <td>{product.join(" · ")}</td>
                    <td class="num">{number::count(line.runs)}</td>
                    <td>{line.latest.as_ref().map(time::at)}" "{line.outcome.map(badge::outcome)}</td>
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
