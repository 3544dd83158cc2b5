//! The slice and its figures above the charts: one view for the server, which renders it once,
//! and for the browser, where its signals follow the filters.

#![allow(unreachable_pub)] // the component macro makes the arguments public

use leptos::prelude::*;
use messages::Part;

use crate::explore::{Action, Chip, ComparedSlice, Comparison, Facts, Slice};
use crate::ui::locale::{sentence, use_locale};

/// The filters as chips, and the yield: the bar that stays in sight.
#[component]
pub fn SliceBar(
    /// The slice.
    slice: Signal<Slice>,
) -> impl IntoView {
    let chips = move || slice.with(|slice| slice.chips.clone());
    let t = use_locale();
    let is_all = move || slice.with(|slice| slice.chips.is_empty());
    let runs = move || if is_all() { t.explore_all_runs() } else { t.explore_runs() };
    let filters = view! {
        <For each=chips key=|chip| chip.column children=move |chip| view! { <ChipView slice chip/> }/>
    };
    let period = move || slice.with(|slice| slice.period.clone());
    let yielded = view! { <strong>{move || slice.with(|slice| slice.yielded.clone())}</strong> };
    let counted = move || slice.with(|slice| slice.counted.clone());
    view! {
        <p class="slice">
            {sentence(t.explore_slice(runs.into_any(), filters.into_any(), period.into_any()))}
        </p>
        <p class="slice-yield" aria-hidden="true">
            {sentence(t.explore_yield_of(yielded.into_any(), counted.into_any()))}
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
    let t = use_locale();
    let is_applied = move || chip.get().is_none_or(|chip| chip.is_applied);
    let text = move || match is_applied() {
        true => chip.get().map(|chip| chip.text),
        false => chip.get().map(|chip| t.explore_not_applied(chip.text)),
    };
    let label = move || chip.get().map(|chip| t.explore_remove(chip.text));
    view! {
        " "
        <span class=move || if is_applied() { "chip" } else { "chip idle" }>
            {text}
            " "
            <a href=move || chip.get().map(|chip| chip.remove) aria-label=label>
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
                            {use_locale().explore_no_links()}
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
    let t = use_locale();
    view! {
        <dl class="facts">
            <div>
                <dt>{t.explore_yield()}</dt>
                <dd>
                    <span class="figure" data-figure="yield">{text(|facts| &facts.yielded)}</span>
                    <span class="quiet-text under">{text(|facts| &facts.interval)}</span>
                </dd>
            </div>
            <div>
                <dt>{t.column_passed()}</dt>
                <dd>{text(|facts| &facts.passed)}</dd>
            </div>
            <div>
                <dt>{t.column_counted()}</dt>
                <dd>{text(|facts| &facts.counted)}</dd>
            </div>
            <div>
                <dt>{t.explore_left_out()}</dt>
                <dd>{text(|facts| &facts.left_out)}</dd>
            </div>
        </dl>
        {move || notes.get().into_iter().map(note).collect::<Vec<_>>()}
        {move || comparison.get().map(|comparison| view! { <Compared comparison/> })}
    }
}

#[component]
fn Compared(comparison: Comparison) -> impl IntoView {
    let t = use_locale();
    let Comparison { rows, difference, caution } = comparison;
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
    let part = |part| match part {
        Part::Text(text) => text.into_any(),
        Part::View(points) => {
            view! { <strong data-figure="difference">{points}</strong> }.into_any()
        }
    };
    let difference: Vec<_> = difference.into_iter().map(part).collect();
    let caution = caution.map(|caution| [" ", caution].concat());
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t.explore_comparison()>
            <table class="comparison">
                <thead>
                    <tr>
                        <th scope="col">{t.explore_compared()}</th>
                        <th scope="col" class="num">{t.explore_yield()}</th>
                        <th scope="col" class="num">{t.column_passed()}</th>
                        <th scope="col" class="num">{t.column_counted()}</th>
                    </tr>
                </thead>
                <tbody>{rows.map(row)}</tbody>
            </table>
        </div>
        <p>{difference}{caution}</p>
    }
}
