//! A range drawn by hand, on days, durations and values: dragged out, moved, sized by
//! its ends; and the same by the keyboard.

use domain::frame::Column;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

use super::{Shared, chart_of, go, soon};
use crate::explore::State;

/// Pixels that a hand moves before it is no click.
const STILL: i32 = 4;
/// Pixels beside the end of a range that still are its end: for a pointer and for a finger.
const GRIP: (f64, f64) = (8.0, 18.0);

/// A hand that is drawing.
pub(super) struct Drag {
    chart: HtmlElement,
    column: Column,
    field: Field,
    kind: Kind,
    begun: i32,
    moved: bool,
    before: State,
}

#[derive(Clone, Copy)]
enum Kind {
    /// The other end stays there: of a new range, or of one that is sized.
    End(usize),
    /// The whole range, taken hold of there.
    Move { first: usize, last: usize, at: usize },
}

/// Where the marks are, in pixels from the left of the drawing.
struct Field {
    left: f64,
    first: f64,
    last: f64,
    count: usize,
    /// The ends of the range.
    range: Option<(f64, f64)>,
}

impl Field {
    fn of(chart: &Element) -> Option<Self> {
        let brush = chart.query_selector(".brush").ok()??;
        let number = |name: &str| brush.get_attribute(name)?.parse::<i32>().ok();
        let (from, to) = (number("data-from")?, number("data-to")?);
        Some(Self {
            left: chart.query_selector("svg").ok()??.get_bounding_client_rect().left(),
            first: number("data-first")?.into(),
            last: number("data-last")?.into(),
            count: number("data-count")?.try_into().ok()?,
            range: (from >= 0).then_some((from.into(), to.into())),
        })
    }

    /// The mark nearest to a pixel of the drawing.
    fn mark(&self, x: f64) -> usize {
        let most = self.count.saturating_sub(1);
        let width = self.last - self.first;
        if width <= 0.0 {
            return 0;
        }
        let along = (x - self.first) / width * most as f64;
        (along.max(0.0) + 0.5) as usize
    }

    fn at(&self, client_x: i32) -> usize {
        self.mark(f64::from(client_x) - self.left).min(self.count.saturating_sub(1))
    }

    fn selected(&self) -> Option<(usize, usize)> {
        self.range.map(|(from, to)| self.between(from, to))
    }

    /// The marks whose targets are between two pixels. Ends of targets are rounded; half a
    /// step from them is as good as on the mark.
    fn between(&self, from: f64, to: f64) -> (usize, usize) {
        let most = self.count.saturating_sub(1);
        let half = (self.last - self.first) / most.max(1) as f64 / 2.0;
        (self.mark(from + half).min(most), self.mark(to - half).min(most))
    }
}

impl Drag {
    /// What a hand that is there now selects.
    fn range(&self, client_x: i32) -> (usize, usize) {
        let here = self.field.at(client_x);
        match self.kind {
            Kind::End(other) => (here.min(other), here.max(other)),
            Kind::Move { first, last, at } => {
                let last_of_all = self.field.count.saturating_sub(1);
                let to = (first + here).saturating_sub(at).min(last_of_all + first - last);
                (to, to + last - first)
            }
        }
    }
}

fn column_of(chart: &Element) -> Column {
    match chart.get_attribute("data-chart").as_deref() {
        Some("duration") => Column::Duration,
        Some("measured") => Column::Measured,
        _ => Column::Day,
    }
}

pub(super) fn down(page: &Shared, event: web_sys::Event) {
    let pointer: &PointerEvent = event.unchecked_ref();
    let mut now = page.borrow_mut();
    now.dragged = false;
    if now.explorer.is_none() || !pointer.is_primary() || pointer.button() != 0 {
        return;
    }
    let Some(chart) = chart_of(&event) else { return };
    if now.waits {
        // What a hand takes hold of is what is there by now.
        now.draw(true);
    }
    let Some(field) = Field::of(&chart) else { return };
    let begun = pointer.client_x();
    let x = f64::from(begun) - field.left;
    let at = field.at(begun);
    let near = if pointer.pointer_type() == "mouse" { GRIP.0 } else { GRIP.1 };
    let kind = match field.range.zip(field.selected()) {
        Some(((from, _), (_, last))) if (x - from).abs() <= near => Kind::End(last),
        Some(((_, to), (first, _))) if (x - to).abs() <= near => Kind::End(first),
        Some(((from, to), (first, last))) if from < x && x < to => Kind::Move { first, last, at },
        _ => Kind::End(at),
    };
    let column = column_of(&chart);
    let before = now.state.clone();
    let chart = chart.unchecked_into();
    now.drag = Some(Drag { chart, column, field, kind, begun, moved: false, before });
}

pub(super) fn moved(page: &Shared, event: web_sys::Event) {
    let pointer: &PointerEvent = event.unchecked_ref();
    {
        let mut now = page.borrow_mut();
        let Some(drag) = &mut now.drag else { return };
        if !pointer.is_primary() {
            return;
        }
        let x = pointer.client_x();
        if !drag.moved && (x - drag.begun).abs() < STILL {
            return;
        }
        let begins = !std::mem::replace(&mut drag.moved, true);
        if begins {
            let _ = drag.chart.set_pointer_capture(pointer.pointer_id());
            hide_tip();
            // The mark under the hand took the focus. It is replaced with every drawing, and to
            // give the focus back the browser lays out the page at once: the chart stays.
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = drag.chart.focus_with_options(&options);
        }
        let (column, range) = (drag.column, drag.range(x));
        let state = now.brushed(column, Some(range));
        if begins {
            // One step back is where the hand began.
            now.remember(true);
        }
        if now.state == state {
            return;
        }
        now.state = state;
    }
    soon(page);
}

pub(super) fn up(page: &Shared, _: web_sys::Event) {
    let mut now = page.borrow_mut();
    if now.drag.take().is_some_and(|drag| drag.moved) {
        now.dragged = true;
        now.remember(false);
        drop(now);
        soon(page);
    }
}

/// Two clicks take the range away.
pub(super) fn clear(page: &Shared, event: web_sys::Event) {
    if let Some(chart) = chart_of(&event) {
        let state = page.borrow().brushed(column_of(&chart), None);
        go(page, state);
    }
}

pub(super) fn key(page: &Shared, event: web_sys::Event) {
    let key: &KeyboardEvent = event.unchecked_ref();
    if key.key() == "Escape" {
        let drag = page.borrow_mut().drag.take();
        match drag {
            Some(drag) => {
                let mut now = page.borrow_mut();
                now.state = drag.before;
                now.dragged = drag.moved;
                now.remember(false);
                drop(now);
                soon(page);
            }
            // The tip goes first, and the range only where there is none.
            None if tip().is_some_and(|tip| !tip.hidden()) => {}
            None => clear(page, event),
        }
        return;
    }
    let step = match key.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return,
    };
    if !key.shift_key() || page.borrow().explorer.is_none() {
        return;
    }
    let Some((chart, next, range)) = extended(&event, step) else { return };
    // What goes from mark to mark is not to go once more.
    event.prevent_default();
    event.stop_propagation();
    let _ = next.focus();
    let state = page.borrow().brushed(column_of(&chart), Some(range));
    go(page, state);
}

/// The range with the mark beside this one, and that mark.
fn extended(event: &web_sys::Event, right: bool) -> Option<(Element, HtmlElement, (usize, usize))> {
    let chart = chart_of(event)?;
    let field = Field::of(&chart)?;
    let here: Element = event.target()?.dyn_into().ok()?;
    let marks = chart.query_selector_all("a").ok()?;
    let place = (0..marks.length())
        .find(|place| marks.item(*place).is_some_and(|it| it.is_same_node(Some(&here))))?;
    let next = if right { place + 1 } else { place.checked_sub(1)? };
    let next: Element = marks.item(next)?.unchecked_into();
    let of = |mark: &Element| {
        let hit = mark.query_selector(".hit").ok()??;
        let number = |name: &str| hit.get_attribute(name)?.parse::<i32>().ok().map(f64::from);
        let x = number("x")?;
        Some(field.between(x, x + number("width")?))
    };
    let (here, beside) = (of(&here)?, of(&next)?);
    let range = match (field.selected(), right) {
        (Some((first, last)), true) if last == here.1 => (first, beside.1),
        (Some((first, last)), true) if first == here.0 => (beside.0, last),
        (Some((first, last)), false) if first == here.0 => (beside.0, last),
        (Some((first, last)), false) if last == here.1 => (first, beside.1),
        (_, true) => (here.0, beside.1),
        (_, false) => (beside.0, here.1),
    };
    Some((chart, next.unchecked_into(), range))
}

/// What a mark says stands in the way of a hand that draws.
fn hide_tip() {
    if let Some(tip) = tip() {
        tip.set_hidden(true);
    }
}

fn tip() -> Option<HtmlElement> {
    document().query_selector(".tip").ok()?.map(JsCast::unchecked_into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_that_was_drawn_is_found_again_whatever_the_pixels() {
        for (count, width) in
            [(1_usize, 250), (2, 250), (28, 500), (90, 277), (90, 1003), (97, 301)]
        {
            let most = count - 1;
            let x = |mark: usize| 60 + (mark * width).checked_div(most).unwrap_or(width / 2);
            let edge = |mark: usize| match mark {
                0 => 52,
                mark if mark == count => 60 + width + 8,
                mark => (x(mark - 1) + x(mark)) / 2,
            };
            let px = |pixels: usize| pixels as f64;
            let field = Field { left: 0.0, first: px(x(0)), last: px(x(most)), count, range: None };
            for first in 0..count {
                for last in first..count {
                    let found = field.between(px(edge(first)), px(edge(last + 1)));
                    assert_eq!(found, (first, last), "of {count} in {width}");
                }
            }
        }
    }
}
