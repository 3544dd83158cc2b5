//! The Units page: a search by serial number and other criteria.

use domain::UnitKind;
use leptos::prelude::*;
use leptos_meta::Title;
use messages::Locale;

use crate::backend::{Search, UnitLine, UnitList};
use crate::explore::State;
use crate::ui::empty::Empty;
use crate::ui::heading::Heading;
use crate::ui::locale::{sentence, use_locale};
use crate::ui::name::{Name, isolated};
use crate::ui::query::{RequestAddress, address, in_tenant, unit};
use crate::ui::table::{Column, Table};
use crate::ui::{badge, label, number, time};
use crate::views::explore::page::TooLong;
use crate::views::first::FirstResults;
use crate::views::frame::{Page, Section};
use crate::views::{Access, Bundle, Load, View};

/// Maximum length of an address. Proxies accept request lines of at least 8 KiB.
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

/// A search and its results.
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
        slice: text("slice").map(|query| State::parse(&query)),
        slice_not_passed: text("ended").as_deref() == Some("not-passed"),
        after: text("after"),
    };
    let too_long = search.slice.as_ref().is_some_and(State::is_too_long);
    let wanted = (!too_long).then(|| search.clone());
    view! {
        <Title text=use_locale().units_title()/>
        <Page
            section=Section::Units
            load=move |backend| async move {
                let Some(wanted) = wanted else { return Ok(None) };
                backend.units(wanted).await.map(Some)
            }
            show=move |list| match list {
                Some(list) => view! { <Results list search/> }.into_any(),
                None => view! { <TooLong/> }.into_any(),
            }
        />
    }
}

#[component]
fn Results(list: UnitList, search: Search) -> impl IntoView {
    let t = use_locale();
    let UnitList { units, next, any, codes } = list;
    let narrowed = !search.part.is_empty()
        || search.code.is_some()
        || search.kind.is_some()
        || search.slice.is_some()
        || search.not_passed;
    let next = next.map(|after| {
        let href = page(&search, &after);
        if href.len() > ADDRESS_BYTES {
            return view! { <p>{t.units_search_too_long()}</p> }.into_any();
        }
        view! { <p><a class="button" href=href rel="next">{t.units_more()}</a></p> }.into_any()
    });
    let found = match (units.is_empty(), any) {
        (false, _) => view! { <List units/>{next} }.into_any(),
        (true, true) => view! {
            <Empty title=no_match_title(t, &search)>
                <p>{t.units_hint()}" "<a href=in_tenant("/units")>{t.units_all()}</a></p>
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
            view! { <option value=kind.as_str() selected=selected>{label::unit_kind(t, kind)}</option> }
        })
        .collect();
    view! {
        <Heading title=t.units_title() question=t.units_question()/>
        {search.slice.as_ref().map(slice_note)}
        <form class="search" role="search" action=in_tenant("/units")>
            <div>
                <label for="q">{t.units_serial()}</label>
                <input id="q" name="q" type="search" value=search.part.clone() autocomplete="off" spellcheck="false"/>
            </div>
            <div>
                <label for="code">{t.units_failed_with()}</label>
                <input id="code" name="code" list="codes" value=search.code.clone() autocomplete="off" spellcheck="false"/>
                <datalist id="codes">{codes}</datalist>
            </div>
            <div>
                <label for="state">{t.units_latest_run()}</label>
                <select id="state" name="state">
                    <option value="">{t.units_any_outcome()}</option>
                    <option value="not-passed" selected=search.not_passed>{t.units_not_passed()}</option>
                </select>
            </div>
            {search.slice.as_ref().map(|slice| view! {
                <div>
                    <input type="hidden" name="slice" value=slice.query()/>
                    <label for="ended">{t.units_slice_runs()}</label>
                    <select id="ended" name="ended">
                        <option value="">{t.units_any_outcome()}</option>
                        <option value="not-passed" selected=search.slice_not_passed>{t.units_not_passed()}</option>
                    </select>
                </div>
            })}
            <div>
                <label for="kind">{t.units_kind()}</label>
                <select id="kind" name="kind">
                    <option value="">{t.units_any_kind()}</option>
                    {kinds}
                </select>
            </div>
            <div class="search-row">
                <button class="primary">{t.units_search()}</button>
                {narrowed.then(|| view! { <a href=in_tenant("/units")>{t.units_show_all()}</a> })}
            </div>
        </form>
        {found}
    }
}

/// Describes the slice of Explore that restricts the search.
fn slice_note(slice: &State) -> impl IntoView + use<> {
    let t = use_locale();
    let runs = view! { <strong>{slice.sentence(t)}</strong> }.into_any();
    let text = t.units_of_slice(runs, slice.period(t), slice.definition.as_str());
    view! {
        <p class="slice-of">
            {sentence(text)}" "<a href=slice.address()>{t.units_back_to_explore()}</a>
        </p>
    }
}

/// The next page of results, after a serial number (keyset pagination).
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

/// Title of an empty result: lists the criteria.
fn no_match_title(t: Locale, search: &Search) -> String {
    let mut criteria = Vec::new();
    if !search.part.is_empty() {
        criteria.push(t.units_criterion_serial(isolated(&search.part)));
    }
    if let Some(code) = &search.code {
        criteria.push(t.units_criterion_code(isolated(code)));
    }
    if search.slice.is_some() {
        let slice = match search.slice_not_passed {
            true => t.units_criterion_slice_not_passed(),
            false => t.units_criterion_slice(),
        };
        criteria.push(slice.to_owned());
    }
    if search.not_passed {
        criteria.push(t.units_criterion_not_passed().to_owned());
    }
    if let Some(kind) = search.kind {
        criteria.push(t.units_criterion_kind(label::unit_kind(t, kind)));
    }
    match criteria.is_empty() {
        true => t.units_none_left().to_owned(),
        false => t.units_none(criteria.join("; ")),
    }
}

#[component]
fn List(units: Vec<UnitLine>) -> impl IntoView {
    let t = use_locale();
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
        Column::text(t.column_serial()),
        Column::text(t.column_product()),
        Column::number(t.column_runs()),
        Column::text(t.units_latest_run()),
    ];
    view! {
        <div class="card"><Table label=t.units_title() columns frame="tall">{rows}</Table></div>
    }
}
