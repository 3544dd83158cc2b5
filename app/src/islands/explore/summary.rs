//! The slice and its figures above the charts: one view for the server, which renders it once,
//! and for the browser, where its signals follow the filters.

#![allow(unreachable_pub)] // the component macro makes the arguments public

use leptos::prelude::*;

use crate::explore::{Action, Chip, ComparedSlice, Comparison, Facts, Slice};

/// The filters as chips, and the yield: the bar that stays in sight.
#[component]
pub fn SliceBar(
    /// The slice.
    slice: Signal<Slice>,
) -> impl IntoView {
    let chips = move || slice.with(|slice| slice.chips.clone());
    let runs = move || if slice.with(|it| it.chips.is_empty()) { "All runs" } else { "Runs" };
    view! {
        <p class="slice">
            {runs}
            <For each=chips key=|chip| chip.column children=move |chip| view! { <ChipView slice chip/> }/>
            " "
            {move || slice.with(|slice| slice.period.clone())}
        </p>
        <p class="slice-yield" aria-hidden="true">
            <strong>{move || slice.with(|slice| slice.yielded.clone())}</strong>
            " of "
            {move || slice.with(|slice| slice.counted.clone())}
        </p>
    }
}

/// A chip keeps its element, and so the focus, while its range changes.
#[component]
fn ChipView(slice: Signal<Slice>, chip: Chip) -> impl IntoView {
    let column = chip.column;
    // None while its row is being removed.
    let chip = Memo::new(move |before: Option<&Option<Chip>>| {
        let now = slice.with(|it| it.chips.iter().find(|it| it.column == column).cloned());
        now.or_else(|| before.cloned().flatten())
    });
    let text = move || chip.get().map(|chip| chip.text);
    let is_applied = move || chip.get().is_none_or(|chip| chip.is_applied);
    view! {
        " "
        <span class=move || if is_applied() { "chip" } else { "chip idle" }>
            {text}
            {move || if is_applied() { " " } else { ", not applied " }}
            <a
                href=move || chip.get().map(|chip| chip.remove)
                aria-label=move || text().map(|text| format!("Remove: {text}"))
            >
                "×"
            </a>
        </span>
    }
}

/// Links about the slice as a whole.
#[component]
pub fn SliceActions(
    /// The slice.
    slice: Signal<Slice>,
) -> impl IntoView {
    let actions = move || slice.with(|slice| slice.actions.clone());
    let href = move |label| {
        let find = |it: &Slice| it.actions.iter().find(|it| it.label == label).cloned();
        slice.with(find).map(|action| action.href)
    };
    let button = move |Action { label, .. }| {
        view! { <a class="button" href=move || href(label)>{label}</a> }
    };
    view! {
        <p class="slice-actions">
            <For each=actions key=|action| action.label children=button/>
        </p>
        {move || {
            (!slice.with(|slice| slice.links_marks))
                .then(|| {
                    view! {
                        <p class="quiet-text">
                            "So much is selected that charts and tables have no links until they are loaded."
                        </p>
                    }
                })
        }}
    }
}

/// The figures of the slice.
#[component]
pub fn SliceFacts(
    /// The figures.
    facts: Signal<Facts>,
) -> impl IntoView {
    let text = move |get: fn(&Facts) -> &String| move || facts.with(|facts| get(facts).clone());
    let notes = Memo::new(move |_| facts.with(|facts| facts.notes.clone()));
    let comparison = Memo::new(move |_| facts.with(|facts| facts.comparison.clone()));
    let note = |it: crate::explore::Note| {
        view! { <p class=it.is_quiet.then_some("quiet-text")>{it.text}</p> }
    };
    view! {
        <dl class="facts">
            <div>
                <dt>"Yield, 95 % interval"</dt>
                <dd>
                    <span class="figure" data-figure="yield">{text(|facts| &facts.yielded)}</span>
                    <span class="quiet-text under">{text(|facts| &facts.interval)}</span>
                </dd>
            </div>
            <div>
                <dt>"Passed"</dt>
                <dd>{text(|facts| &facts.passed)}</dd>
            </div>
            <div>
                <dt>"Counted"</dt>
                <dd>{text(|facts| &facts.counted)}</dd>
            </div>
            <div>
                <dt>"Runs left out"</dt>
                <dd>{text(|facts| &facts.left_out)}</dd>
            </div>
        </dl>
        {move || notes.get().into_iter().map(note).collect::<Vec<_>>()}
        {move || comparison.get().map(|comparison| view! { <Compared comparison/> })}
    }
}

#[component]
fn Compared(comparison: Comparison) -> impl IntoView {
    let Comparison { rows, difference, text } = comparison;
    let row = |it: ComparedSlice| {
        view! {
            <tr>
                <th scope="row">{it.sentence}</th>
                <td class="num">
                    <strong>{it.yielded}</strong>
                    <span class="quiet-text under">{it.interval}</span>
                </td>
                <td class="num">{it.passed}</td>
                <td class="num">{it.counted}</td>
            </tr>
        }
    };
    let difference = difference.map(|difference| {
        view! { "Difference "<strong data-figure="difference">{difference}</strong> }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Comparison">
            <table class="comparison">
                <thead>
                    <tr>
                        <th scope="col">"Compared"</th>
                        <th scope="col" class="num">"Yield, 95 % interval"</th>
                        <th scope="col" class="num">"Passed"</th>
                        <th scope="col" class="num">"Counted"</th>
                    </tr>
                </thead>
                <tbody>{rows.map(row)}</tbody>
            </table>
        </div>
        <p>{difference}{text}</p>
    }
}
