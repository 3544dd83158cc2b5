//! Values far from the others, leading to their units.

use leptos::prelude::*;

use crate::backend::Outlier;
use crate::ui::locale::use_locale;
use crate::ui::name::Name;
use crate::ui::number;
use crate::ui::query::unit;
use crate::ui::table::{Column, Table};
use crate::ui::time;

/// The card.
#[component]
pub fn Outliers(
    /// Those that are listed.
    outliers: Vec<Outlier>,
    /// How many there are.
    total: u64,
) -> impl IntoView {
    let t = use_locale();
    let note = match total {
        0 => t.outliers_none().to_owned(),
        total => t.outliers_note(outliers.len() as u64, total),
    };
    let columns = vec![
        Column::text(t.column_serial()),
        Column::number(t.column_measured()),
        Column::text(t.column_when()),
        Column::text(t.column_station()),
    ];
    let rows: Vec<_> = outliers
        .into_iter()
        .map(|outlier| {
            let outside = outlier.is_outside.then(|| {
                view! { " "<span class="badge bad">{t.outliers_outside()}</span> }
            });
            view! {
                <tr>
                    <th scope="row"><a href=unit(&outlier.serial)><Name of=outlier.serial.clone()/></a></th>
                    <td class="num" data-label=t.column_measured()>{number::rounded(outlier.value, 5)}{outside}</td>
                    <td data-label=t.column_when()>{time::at(&outlier.at)}</td>
                    <td data-label=t.column_station()>{outlier.station.map(|station| view! { <Name of=station/> })}</td>
                </tr>
            }
        })
        .collect();
    let table = (total > 0).then(|| {
        view! { <Table label=t.outliers_title() columns class="stacks brief" frame="tall">{rows}</Table> }
    });
    view! {
        <section class="card">
            <h2 id="outliers-title">{t.outliers_title()}</h2>
            <p class="figure-note">{note}</p>
            {table}
        </section>
    }
}
