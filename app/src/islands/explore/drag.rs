//! Brushing a range of days, durations or values: dragged out, moved, or resized by its ends;
//! and the same by the keyboard.

use domain::frame::Column;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::focus::focus;
use super::navigation::History;
use super::workbench::Workbench;
use crate::explore::State;

/// Pixels that the pointer moves before a press is a drag and no click.
const DRAG_THRESHOLD_PX: i32 = 4;
/// Pixels on both sides of the end of a range that take hold of it: with a mouse, and with a
/// finger or a pen.
const HANDLE_HIT_SLOP_PX: (f64, f64) = (8.0, 18.0);

/// A press on a chart, which may become a drag.
pub(super) struct Drag {
    chart: HtmlElement,
    column: Column,
    axis: Axis,
    kind: Kind,
    start_x: i32,
    has_moved: bool,
    /// What Escape restores.
    state_before: State,
}

#[derive(Clone, Copy)]
enum Kind {
    /// The other end stays at this mark: of a new range, or of one that is resized.
    Resize { fixed: usize },
    /// The whole range is moved, held at this mark.
    Move { first: usize, last: usize, held: usize },
}

/// Where the marks are, in pixels from the left of the drawing.
struct Axis {
    left: f64,
    first: f64,
    last: f64,
    count: usize,
    /// The ends of the selected range.
    range: Option<(f64, f64)>,
}

impl Axis {
    /// Reads what `charts::brush` wrote into the drawing.
    fn from_chart(chart: &Element) -> Option<Self> {
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
    fn nearest_mark(&self, x: f64) -> usize {
        let most = self.count.saturating_sub(1);
        let width = self.last - self.first;
        if width <= 0.0 {
            return 0;
        }
        let along = (x - self.first) / width * most as f64;
        ((along.max(0.0) + 0.5) as usize).min(most)
    }

    /// The mark nearest to a pixel of the window.
    fn mark_at(&self, client_x: i32) -> usize {
        self.nearest_mark(f64::from(client_x) - self.left)
    }

    fn selected_marks(&self) -> Option<(usize, usize)> {
        self.range.map(|(from, to)| self.marks_between(from, to))
    }

    /// The marks whose targets are between two pixels. Ends of targets are rounded; half a
    /// step from them is as good as on the mark.
    fn marks_between(&self, from: f64, to: f64) -> (usize, usize) {
        let most = self.count.saturating_sub(1);
        let half = (self.last - self.first) / most.max(1) as f64 / 2.0;
        (self.nearest_mark(from + half), self.nearest_mark(to - half))
    }

    /// What a press there begins. The hit test of the handles comes first.
    fn hit_test(&self, client_x: i32, slop: f64) -> Kind {
        let x = f64::from(client_x) - self.left;
        let held = self.mark_at(client_x);
        match self.range.zip(self.selected_marks()) {
            Some(((from, _), (_, last))) if (x - from).abs() <= slop => {
                Kind::Resize { fixed: last }
            }
            Some(((_, to), (first, _))) if (x - to).abs() <= slop => Kind::Resize { fixed: first },
            Some(((from, to), (first, last))) if from < x && x < to => {
                Kind::Move { first, last, held }
            }
            _ => Kind::Resize { fixed: held },
        }
    }

    /// The range that a drag selects while the pointer is there.
    fn range_at(&self, kind: Kind, client_x: i32) -> (usize, usize) {
        let here = self.mark_at(client_x);
        match kind {
            Kind::Resize { fixed } => (here.min(fixed), here.max(fixed)),
            Kind::Move { first, last, held } => {
                let last_of_all = self.count.saturating_sub(1);
                let to = (first + here).saturating_sub(held).min(last_of_all + first - last);
                (to, to + last - first)
            }
        }
    }
}

/// The range with the mark beside one of its ends: selected so far, the focused mark and the
/// one that gets the focus, each with the first and the last of what it stands for.
fn extend_range(
    selected: Option<(usize, usize)>,
    here: (usize, usize),
    beside: (usize, usize),
    is_right: bool,
) -> (usize, usize) {
    match (selected, is_right) {
        (Some((first, last)), true) if last == here.1 => (first, beside.1),
        (Some((first, last)), true) if first == here.0 => (beside.0, last),
        (Some((first, last)), false) if first == here.0 => (beside.0, last),
        (Some((first, last)), false) if last == here.1 => (first, beside.1),
        (_, true) => (here.0, beside.1),
        (_, false) => (beside.0, here.1),
    }
}

/// Whether an event is one of a drawing, not of the chart around it.
fn is_in_drawing(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest("svg"), Ok(Some(_))))
}

impl Workbench {
    /// Begins what may become a drag; where a rendering is due, after it.
    pub(super) fn on_pointer_down(
        self,
        event: &PointerEvent,
        (column, chart): (Column, HtmlElement),
        draw: impl FnOnce(),
    ) {
        let is_press = event.is_primary() && event.button() == 0;
        if !self.is_loaded() || !is_press || !is_in_drawing(event) {
            return;
        }
        if self.is_render_scheduled() {
            self.render(true);
            draw();
        }
        let Some(axis) = Axis::from_chart(&chart) else { return };
        let start_x = event.client_x();
        let is_mouse = event.pointer_type() == "mouse";
        let slop = if is_mouse { HANDLE_HIT_SLOP_PX.0 } else { HANDLE_HIT_SLOP_PX.1 };
        let kind = axis.hit_test(start_x, slop);
        let state_before = self.state.get_value();
        self.drag.set_value(Some(SendWrapper::new(Drag {
            chart,
            column,
            axis,
            kind,
            start_x,
            has_moved: false,
            state_before,
        })));
    }

    /// Selects what the pointer drags over. The first move captures the pointer.
    pub(super) fn on_pointer_move(self, event: &PointerEvent) {
        let x = event.client_x();
        let moved = self.drag.try_update_value(|drag| {
            let drag = drag.as_mut().filter(|_| event.is_primary())?;
            if !drag.has_moved && (x - drag.start_x).abs() < DRAG_THRESHOLD_PX {
                return None;
            }
            let is_first = !std::mem::replace(&mut drag.has_moved, true);
            let range = drag.axis.range_at(drag.kind, x);
            Some((drag.column, range, is_first.then(|| drag.chart.clone())))
        });
        let Some((column, range, first)) = moved.flatten() else { return };
        if let Some(chart) = &first {
            let _ = chart.set_pointer_capture(event.pointer_id());
            hide_tooltip();
            // The press focused the mark, which is replaced with every drawing. To restore its
            // focus the browser would lay out the page each time.
            focus(chart);
            // Back leads to the state before the drag.
            self.sync_url(History::Push);
        }
        let state = self.brushed(column, Some(range));
        if self.state.with_value(|it| *it != state) {
            self.state.set_value(state);
            self.schedule_render();
        }
    }

    pub(super) fn on_pointer_up(self) {
        if self.take_drag().is_some_and(|drag| drag.has_moved) {
            self.ignore_click.set_value(true);
            self.sync_url(History::Replace);
            self.schedule_render();
        }
    }

    fn take_drag(self) -> Option<Drag> {
        self.drag.try_update_value(Option::take).flatten().map(SendWrapper::take)
    }

    /// A double click removes the range.
    pub(super) fn on_double_click(self, event: &MouseEvent, column: Column) {
        if is_in_drawing(event) {
            self.navigate(self.brushed(column, None));
        }
    }

    /// Escape cancels a drag or removes the range; shift and an arrow extend it.
    pub(super) fn on_key_down(self, event: &KeyboardEvent, column: Column, chart: &HtmlElement) {
        let is_right = match event.key().as_str() {
            "Escape" => return self.on_escape(event, column),
            "ArrowRight" => true,
            "ArrowLeft" => false,
            _ => return,
        };
        if !event.shift_key() || !self.is_loaded() {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some((next, range)) = target.and_then(|it| mark_beside(chart, &it, is_right)) else {
            return;
        };
        // The listener that goes from mark to mark would go one further.
        event.prevent_default();
        event.stop_propagation();
        let _ = next.focus();
        self.navigate(self.brushed(column, Some(range)));
    }

    fn on_escape(self, event: &KeyboardEvent, column: Column) {
        if let Some(drag) = self.take_drag() {
            self.ignore_click.set_value(drag.has_moved);
            self.state.set_value(drag.state_before);
            self.sync_url(History::Replace);
            self.schedule_render();
        } else if is_in_drawing(event) && tooltip().is_none_or(|tooltip| tooltip.hidden()) {
            // A tooltip that is open is closed first, by its own listener.
            self.navigate(self.brushed(column, None));
        }
    }
}

/// The mark beside one, and the range that is selected with it.
fn mark_beside(
    chart: &HtmlElement,
    here: &Element,
    is_right: bool,
) -> Option<(HtmlElement, (usize, usize))> {
    let axis = Axis::from_chart(chart)?;
    let marks = chart.query_selector_all("a").ok()?;
    let place = (0..marks.length())
        .find(|place| marks.item(*place).is_some_and(|it| it.is_same_node(Some(here))))?;
    let next = if is_right { place + 1 } else { place.checked_sub(1)? };
    let next: HtmlElement = marks.item(next)?.unchecked_into();
    let marks_of = |mark: &Element| {
        let hit = mark.query_selector(".hit").ok()??;
        let number = |name: &str| hit.get_attribute(name)?.parse::<i32>().ok().map(f64::from);
        let x = number("x")?;
        Some(axis.marks_between(x, x + number("width")?))
    };
    let range = extend_range(axis.selected_marks(), marks_of(here)?, marks_of(&next)?, is_right);
    Some((next, range))
}

/// The tooltip would cover what is dragged over.
fn hide_tooltip() {
    if let Some(tooltip) = tooltip() {
        tooltip.set_hidden(true);
    }
}

fn tooltip() -> Option<HtmlElement> {
    document().query_selector(".tip").ok()?.map(JsCast::unchecked_into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(count: usize, width: usize, range: Option<(f64, f64)>) -> Axis {
        Axis { left: 0.0, first: 60.0, last: (60 + width) as f64, count, range }
    }

    #[test]
    fn a_drawn_range_is_found_again_at_any_width() {
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
            let axis = Axis { left: 0.0, first: px(x(0)), last: px(x(most)), count, range: None };
            for first in 0..count {
                for last in first..count {
                    let found = axis.marks_between(px(edge(first)), px(edge(last + 1)));
                    assert_eq!(found, (first, last), "of {count} in {width}");
                }
            }
        }
    }

    #[test]
    fn a_press_resizes_at_an_end_moves_within_and_selects_another_range_elsewhere() {
        // Eleven marks, ten pixels apart; 2 to 5 are selected.
        let axis = axis(11, 100, Some((75.0, 115.0)));
        let range = |start: i32, end: i32| axis.range_at(axis.hit_test(start, 4.0), end);
        assert_eq!(range(76, 61), (0, 5), "the left end");
        assert_eq!(range(114, 160), (2, 10), "the right end");
        assert_eq!(range(76, 140), (5, 8), "an end goes past the other");
        assert_eq!(range(95, 105), (3, 6), "the whole");
        assert_eq!(range(95, 400), (7, 10), "the whole, as far as there are marks");
        assert_eq!(range(95, -50), (0, 3));
        assert_eq!(range(140, 120), (6, 8), "another range");
    }

    #[test]
    fn a_range_is_extended_or_shrunk_at_the_end_that_has_the_focus() {
        let one = |mark: usize| (mark, mark);
        assert_eq!(extend_range(None, one(3), one(4), true), (3, 4));
        assert_eq!(extend_range(Some((2, 3)), one(3), one(4), true), (2, 4));
        assert_eq!(extend_range(Some((2, 4)), one(4), one(3), false), (2, 3));
        assert_eq!(extend_range(Some((2, 4)), one(2), one(1), false), (1, 4));
        assert_eq!(extend_range(Some((2, 4)), one(2), one(3), true), (3, 4));
        assert_eq!(extend_range(Some((2, 4)), one(8), one(7), false), (7, 8), "another range");
    }
}
