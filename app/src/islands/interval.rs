//! Confidence intervals of proportions: method and level are chosen, and the browser calculates
//! from the table that the server rendered.

use charts::interval::{Figure, render};
use charts::{Markup, Palette, markup};
use domain::yields::Definition;
use engine::proportion::{Interval, Method, interval};
use leptos::prelude::*;
use messages::Locale;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement, MouseEvent};

use crate::ui::figure::Room;
use crate::ui::html::{drawings, segment};
use crate::ui::label;
use crate::ui::locale::use_locale;
use crate::ui::name::{isolated, name};
use crate::ui::number;
use crate::ui::query::pairs;

/// One proportion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name of what it is the proportion of.
    pub label: String,
    /// How many passed, in what the definition counts.
    pub passed: u64,
    /// How many were counted.
    pub n: u64,
}

/// The chosen method and level of confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The method.
    pub method: Method,
    /// The level of confidence.
    pub level: f64,
}

/// With their names in addresses.
const LEVELS: [(f64, &str); 3] = [(0.90, "0.9"), (0.95, "0.95"), (0.99, "0.99")];
const METHODS: [Method; 3] = [Method::Wilson, Method::ClopperPearson, Method::WilsonCc];

fn method_name(t: Locale, method: Method) -> &'static str {
    match method {
        Method::Wilson => t.interval_wilson(),
        Method::ClopperPearson => t.interval_clopper_pearson(),
        Method::WilsonCc => t.interval_wilson_cc(),
    }
}

impl Choice {
    /// Parses a query string; what is missing or not offered is the default.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut choice = Self { method: Method::Wilson, level: 0.95 };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "interval" => {
                    let offered = METHODS.into_iter().find(|method| method.id() == value);
                    choice.method = offered.unwrap_or(choice.method);
                }
                "confidence" => {
                    let offered = LEVELS.into_iter().find(|(_, name)| *name == value);
                    choice.level = offered.map_or(choice.level, |(level, _)| level);
                }
                _ => {}
            }
        }
        choice
    }

    fn ends(self, row: &Row) -> Option<Interval> {
        interval(row.passed, row.n, self.method, self.level)
    }

    /// The address of the page with this choice and the rest of its query.
    fn address(self, rest: &str) -> String {
        let and = if rest.is_empty() { "" } else { "&" };
        let level = LEVELS.into_iter().find(|(level, _)| *level == self.level);
        let level = level.map_or("", |(_, name)| name);
        format!("?{rest}{and}interval={}&confidence={level}", self.method.id())
    }
}

/// The model of the view.
#[derive(Debug)]
pub struct Board {
    /// The proportions.
    pub rows: Vec<Row>,
    /// What the proportions count.
    pub definition: Definition,
    /// Method and level.
    pub choice: Choice,
    /// The rest of the page's query.
    pub rest: String,
}

impl Board {
    /// Choices, chart and table as markup.
    #[must_use]
    pub fn html(&self) -> Markup {
        let t = use_locale();
        let (yielded, _) = self.names(t);
        markup!(
            "<div class=\"choices-bar\">{}</div><div class=\"chart\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>{}",
            self.choices(t),
            t.interval_chart(yielded),
            drawings(&|width| self.drawing(t, width), Room::Whole),
            self.table(t),
        )
    }

    /// The name of the yield of the definition, and of what it counts.
    fn names(&self, t: Locale) -> (&'static str, &'static str) {
        match self.definition {
            Definition::FirstRun => (t.interval_first_pass(), t.interval_units()),
            Definition::FirstAttemptOfDay => (t.interval_first_attempt(), t.interval_unit_days()),
            Definition::Report => (t.interval_report(), t.interval_runs()),
        }
    }

    fn choices(&self, t: Locale) -> Markup {
        let Choice { method, level } = self.choice;
        let methods = METHODS.map(|of| {
            let href = Choice { method: of, level }.address(&self.rest);
            (of == method, href, method_name(t, of), "")
        });
        let names = LEVELS.map(|(of, _)| number::level(of));
        let levels: Vec<_> = LEVELS
            .iter()
            .zip(&names)
            .map(|((of, _), name)| {
                let href = Choice { method, level: *of }.address(&self.rest);
                (*of == level, href, name.as_str(), "")
            })
            .collect();
        let (methods, levels) =
            (segment(t.interval_method(), &methods), segment(t.interval_level(), &levels));
        [methods, levels].into_iter().collect()
    }

    fn drawing(&self, t: Locale, width: u32) -> Markup {
        let row = |row: &Row| charts::interval::Row {
            label: isolated(&row.label),
            figure: self.choice.ends(row).map(|ends| Figure {
                value: row.passed as f64 / row.n as f64,
                low: ends.low,
                high: ends.high,
            }),
            title: self.sentence(t, row),
            href: None,
            n: None,
            muted: false,
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        let title = t.interval_axis(self.names(t).0, number::level(self.choice.level));
        render(&rows, &title, width, Palette::Page)
    }

    fn sentence(&self, t: Locale, row: &Row) -> String {
        let Row { label, passed, n } = row;
        let operation = isolated(label);
        match self.choice.ends(row) {
            None => t.interval_none(operation),
            Some(ends) => t.interval_point(
                operation,
                *passed,
                label::counted(t, self.definition, *n),
                number::percent(Some(*passed as f64 / *n as f64)),
                number::level(self.choice.level),
                number::percent(Some(ends.low)),
                number::percent(Some(ends.high)),
            ),
        }
    }

    /// Each row has its numbers as attributes, for [`Board::from_page`].
    fn table(&self, t: Locale) -> Markup {
        let (yielded, counted) = self.names(t);
        let interval = t.interval_column(number::level(self.choice.level));
        let heads: Markup = [yielded, &interval, t.column_passed(), counted]
            .into_iter()
            .map(|head| markup!("<th scope=\"col\" class=\"num\">{}</th>", head))
            .collect();
        let row = |row: &Row| {
            let Row { label, passed, n } = row;
            let ends = self.choice.ends(row).map_or_else(
                || "–".to_owned(),
                |Interval { low, high, .. }| {
                    format!("{} – {}", number::percent(Some(low)), number::percent(Some(high)))
                },
            );
            markup!(
                "<tr data-passed=\"{}\" data-n=\"{}\"><th scope=\"row\">{}</th><td class=\"num strong\">{}</td><td class=\"num\" data-interval>{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
                passed,
                n,
                name(label),
                number::percent((*n > 0).then(|| *passed as f64 / *n as f64)),
                ends,
                number::count(*passed),
                number::count(*n),
            )
        };
        let rows: Markup = self.rows.iter().map(row).collect();
        markup!(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>",
            t.interval_table(yielded),
            t.column_operation(),
            heads,
            rows
        )
    }

    /// The model of the page, with another choice.
    fn from_page(host: &Element, choice: Choice) -> Option<Self> {
        let definition = host.get_attribute("data-definition")?.parse().ok()?;
        let rest = host.get_attribute("data-rest")?;
        let lines = host.query_selector_all("tr[data-n]").ok()?;
        let row = |line: Element| {
            let number = |name| line.get_attribute(name)?.parse().ok();
            let label = line.first_element_child()?.text_content()?;
            Some(Row { label, passed: number("data-passed")?, n: number("data-n")? })
        };
        let lines = (0..lines.length()).filter_map(|at| lines.item(at)?.dyn_into().ok());
        Some(Self { rows: lines.map(row).collect::<Option<_>>()?, definition, choice, rest })
    }
}

/// The host of [`Board::html`] in a page from the server.
#[component]
pub fn IntervalBoard(
    /// The model.
    board: Board,
) -> impl IntoView {
    let html = board.html().into_string();
    let definition = board.definition.as_str();
    view! {
        <div class="interval-board" data-definition=definition data-rest=board.rest inner_html=html></div>
    }
}

/// Adds the listener for links to another choice, which need no server.
pub fn mount() {
    let chosen = Closure::<dyn Fn(MouseEvent)>::new(|event: MouseEvent| {
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        if !elsewhere && choose(&event).is_some() {
            event.prevent_default();
        }
    });
    let chosen = chosen.into_js_value();
    let _ = document().add_event_listener_with_callback("click", chosen.unchecked_ref());
}

/// Renders the choice that a link leads to; none for any other link.
fn choose(event: &MouseEvent) -> Option<()> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    let host = link.closest(".interval-board").ok()??;
    let href = link.get_attribute("href")?;
    let board = Board::from_page(&host, Choice::parse(&href))?;
    host.set_inner_html(&board.html());
    // The link was replaced by its copy.
    let copy = host.query_selector(&format!("a[href=\"{href}\"]")).ok()??;
    let _ = copy.unchecked_ref::<HtmlElement>().focus();
    // The address of the page is its state.
    let history = window().history().ok()?;
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&href));
    Some(())
}
