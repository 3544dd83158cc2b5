//! Tables: columns are named once, and a focusable, labelled container scrolls wide tables.

use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    title: Option<&'static str>,
    number: bool,
    hidden: bool,
    sorts: bool,
}

impl Column {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), title: None, number: false, hidden: false, sorts: false }
    }

    /// A column of text.
    #[must_use]
    pub fn text(name: impl Into<String>) -> Self {
        Self::new(name)
    }

    /// A column of numbers, whose cells have the class `num`.
    #[must_use]
    pub fn number(name: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(name) }
    }

    /// A column whose name is visually hidden, for screen readers.
    #[must_use]
    pub fn unnamed(name: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::new(name) }
    }

    /// Sets the tooltip of the name.
    #[must_use]
    pub fn meaning(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    /// Makes the rows sortable by this column. The table must contain all rows. A cell whose sort
    /// key differs from its text has the key in `data-value`.
    #[must_use]
    pub fn sorts(self) -> Self {
        Self { sorts: true, ..self }
    }
}

/// A table in its scroll container.
#[component]
pub fn Table(
    /// The accessible name of the table.
    #[prop(into)]
    label: String,
    /// The columns.
    columns: Vec<Column>,
    /// Additional classes of the table: with `stacks`, a row becomes a card on a phone, and
    /// `data-label` names each cell.
    #[prop(optional)]
    class: &'static str,
    /// Classes of the container: `tall` has a sticky head.
    #[prop(optional)]
    frame: &'static str,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = columns
        .into_iter()
        .map(|Column { name, title, number, hidden, sorts }| {
            let class = number.then_some("num");
            let sorts = sorts.then_some("");
            match hidden {
                true => {
                    view! { <th scope="col"><span class="hidden">{name}</span></th> }.into_any()
                }
                false => {
                    view! { <th scope="col" class=class title=title data-sorts=sorts>{name}</th> }
                        .into_any()
                }
            }
        })
        .collect();
    view! {
        <div class=format!("table-scroll {frame}") tabindex="0" role="region" aria-label=label>
            <table class=class>
                <thead><tr>{heads}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
