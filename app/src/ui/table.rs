//! Tables: columns are named once, and a frame scrolls what is too wide and says so.

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

    /// A column of words.
    #[must_use]
    pub fn text(name: impl Into<String>) -> Self {
        Self::new(name)
    }

    /// A column of numbers, whose cells have the class `num`.
    #[must_use]
    pub fn number(name: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(name) }
    }

    /// A column whose name only those hear who do not see the table.
    #[must_use]
    pub fn unnamed(name: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::new(name) }
    }

    /// What the name means, where it is not plain.
    #[must_use]
    pub fn meaning(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    /// Whether the reader may put the rows in the order of this column: the table must hold
    /// all rows that there are. A cell whose text is not what it is sorted by says that in
    /// `data-value`.
    #[must_use]
    pub fn sorts(self) -> Self {
        Self { sorts: true, ..self }
    }
}

/// A table with its frame.
#[component]
pub fn Table(
    /// What the table is of, for those who do not see it.
    #[prop(into)]
    label: String,
    /// The heads of the columns.
    columns: Vec<Column>,
    /// Classes of the table beside its own: `stacks` where a row becomes a card on a phone,
    /// with the name of each cell in its `data-label`.
    #[prop(optional)]
    class: &'static str,
    /// Classes of the frame: `tall` where it keeps its head in view.
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
