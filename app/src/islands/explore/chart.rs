//! A chart with its note and its table: one view for the server, which renders it once, and for
//! the browser, where it follows the rendering.

#![allow(unreachable_pub)] // the component macro makes the arguments public

use charts::Markup;
use domain::frame::Column;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::morph::morph_svg;
use super::workbench::Workbench;
use crate::explore::Board;
use crate::islands::enhance::enhance;
use crate::ui::figure::Room;
use crate::ui::html::drawings;
use crate::ui::locale::use_locale;

/// What a chart shows.
#[derive(Clone)]
pub struct ChartModel {
    column: Column,
    title: &'static str,
    note: Signal<Markup>,
    /// What is drawn at first.
    drawing: Markup,
    /// The table beside it at first, where it is open.
    table: Option<Markup>,
    is_open: bool,
    /// None on the server.
    workbench: Option<Workbench>,
}

impl ChartModel {
    /// In one state, in each width that it may be seen in.
    #[must_use]
    pub fn new(board: Board<'_>, column: Column, room: Room) -> Self {
        Self {
            column,
            title: board.title(column),
            note: Signal::stored(board.note(column)),
            drawing: drawings(&|width| board.drawing(column, width), room),
            table: Some(board.table(column)),
            is_open: false,
            workbench: None,
        }
    }

    /// Follows the rendering. The table was open or not before the browser took over.
    pub(super) fn live(workbench: Workbench, column: Column, is_open: bool) -> Self {
        let draws = move || workbench.rendering.with(|rendering| rendering.draws(column));
        let note = Memo::new_owning(move |before: Option<Markup>| {
            let is_drawn = draws();
            match before {
                Some(before) if !is_drawn => (before, false),
                before => {
                    let note = workbench.with_board(|board| board.note(column)).unwrap_or_default();
                    let has_changed = before.is_none_or(|before| before != note);
                    (note, has_changed)
                }
            }
        });
        let drawing = draw(workbench, column).unwrap_or_default();
        let title = workbench.with_board(|board| board.title(column)).unwrap_or_default();
        Self {
            column,
            title,
            note: note.into(),
            drawing,
            table: None,
            is_open,
            workbench: Some(workbench),
        }
    }
}

fn draw(workbench: Workbench, column: Column) -> Option<Markup> {
    workbench.with_board(|board| board.drawing(column, workbench.width(column)))
}

/// Whether a range can be brushed on the chart: these have the whole width.
#[must_use]
pub fn is_brushed(column: Column) -> bool {
    matches!(column, Column::Day | Column::Duration | Column::Measured)
}

/// The note, the drawing, and the table with files.
#[component]
pub fn Chart(
    /// What it shows.
    model: ChartModel,
) -> impl IntoView {
    let t = use_locale();
    let ChartModel { column, title, note, drawing, table, is_open, workbench } = model;
    let name = column.as_str();
    let brush = is_brushed(column).then_some("");
    let host = NodeRef::<html::Div>::new();
    let details = NodeRef::<html::Details>::new();
    let table_host = NodeRef::<html::Div>::new();
    let is_open = RwSignal::new(is_open);

    // What the drawing in the page was made of.
    let shown = StoredValue::new(drawing.to_string());
    let redraw = move || {
        let (Some(workbench), Some(host)) = (workbench, host.get_untracked()) else { return };
        let keep_links = workbench.rendering.with(|rendering| rendering.dragging);
        let Some(after) = draw(workbench, column) else { return };
        shown.update_value(|shown| {
            if **shown != *after {
                let morphed = morph_svg(&host, shown, &after, keep_links);
                *shown = morphed.unwrap_or_else(|| {
                    host.set_inner_html(&after);
                    after.into_string()
                });
            }
        });
    };
    let shown_table = StoredValue::new(Markup::default());
    if let Some(workbench) = workbench {
        let draws = move || workbench.rendering.with(|rendering| rendering.draws(column));
        Effect::new(move |_| {
            if draws() {
                redraw();
            }
        });
        Effect::new(move |_| {
            if !(is_open.get() && draws()) {
                return;
            }
            let table = workbench.with_board(|board| board.table(column)).unwrap_or_default();
            if let (Some(host), Some(details)) = (table_host.get(), details.get())
                && shown_table.with_value(|shown| *shown != table)
            {
                host.set_inner_html(&table);
                enhance(&details);
                shown_table.set_value(table);
            }
        });
    }

    let on_pointer_down = move |event: PointerEvent| {
        if let (Some(workbench), Some(host)) =
            (workbench.filter(|_| brush.is_some()), host.get_untracked())
        {
            workbench.on_pointer_down(&event, (column, host.into()), redraw);
        }
    };
    let on_pointer_move = move |event: PointerEvent| {
        if let Some(workbench) = workbench {
            workbench.on_pointer_move(&event);
        }
    };
    let on_pointer_up = move |_: PointerEvent| {
        if let Some(workbench) = workbench {
            workbench.on_pointer_up();
        }
    };
    let on_double_click = move |event: MouseEvent| {
        if let Some(workbench) = workbench.filter(|_| brush.is_some()) {
            workbench.on_double_click(&event, column);
        }
    };
    let on_key_down = move |event: KeyboardEvent| {
        if let (Some(workbench), Some(host)) =
            (workbench.filter(|_| brush.is_some()), host.get_untracked())
        {
            workbench.on_key_down(&event, column, &host);
        }
    };
    let on_drag_start = move |event: leptos::ev::DragEvent| {
        if brush.is_some() {
            event.prevent_default();
        }
    };
    let on_toggle = move |_| {
        if let Some(details) = details.get_untracked() {
            is_open.set(details.has_attribute("open"));
        }
    };
    view! {
        <p class="figure-note" data-note=name inner_html=move || note.get().into_string()></p>
        <div
            class="chart"
            data-chart=name
            data-brush=brush
            tabindex="0"
            role="region"
            aria-label=t.figure_chart(title)
            inner_html=drawing.into_string()
            node_ref=host
            on:pointerdown=on_pointer_down
            on:pointermove=on_pointer_move
            on:pointerup=on_pointer_up
            on:pointercancel=on_pointer_up
            on:dblclick=on_double_click
            on:keydown=on_key_down
            on:dragstart=on_drag_start
        ></div>
        <div class="twin">
            <details open=is_open.get_untracked() node_ref=details on:toggle=on_toggle>
                <summary>{t.explore_table()}</summary>
                <div
                    data-table=name
                    inner_html=table.unwrap_or_default().into_string()
                    node_ref=table_host
                ></div>
            </details>
        </div>
    }
}
