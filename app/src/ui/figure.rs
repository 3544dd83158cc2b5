//! A chart below the question that it answers, with its data as a table and as files.

use std::sync::Arc;

use charts::{Markup, Palette, export};
use leptos::prelude::*;

use super::html::drawings;
use super::locale::use_locale;
use super::query::address;
use super::sheet::{Rows, Sheet};

/// A chart with its texts and its data.
#[derive(Clone)]
pub struct Figure {
    /// Its name in addresses and file names.
    pub name: &'static str,
    /// The question that it answers.
    pub title: String,
    /// What is counted, and as of when.
    pub note: String,
    /// The data of the chart.
    pub sheet: Sheet,
    /// Renders the chart at a width in pixels.
    pub draw: Arc<dyn Fn(u32, Palette) -> Markup + Send + Sync>,
}

/// The file formats of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// The rows as CSV.
    Csv,
    /// The chart as SVG.
    Svg,
}

/// Width in pixels of a chart in a file.
pub(crate) const FILE_WIDTH: u32 = 720;

impl FileKind {
    /// Parses a file name into its stem and the format of its extension.
    #[must_use]
    pub fn named(file: &str) -> Option<(&str, Self)> {
        let (name, ending) = file.rsplit_once('.')?;
        let kind = [Self::Csv, Self::Svg].into_iter().find(|kind| kind.ending() == ending)?;
        Some((name, kind))
    }

    /// The file name extension.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Svg => "svg",
        }
    }

    /// The value of the header `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Svg => "image/svg+xml",
        }
    }
}

impl Figure {
    /// The figure as a file.
    #[must_use]
    pub fn file(&self, kind: FileKind) -> String {
        match kind {
            FileKind::Csv => self.sheet.csv(),
            FileKind::Svg => {
                let drawing = (self.draw)(FILE_WIDTH, Palette::Fixed);
                export::file(&drawing, &self.title, &self.note).into_string()
            }
        }
    }
}

/// The width that a chart has on its page. The server does not know the width of the window, so
/// it renders each chart in several widths, and the style sheet shows the widest that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Half of the page, or the full width of a phone.
    Half,
    /// The whole page.
    Whole,
}

impl Room {
    pub(crate) fn widths(self) -> &'static [(u32, &'static str)] {
        const ALL: [(u32, &str); 3] = [(304, "narrow"), (536, "middle"), (1104, "wide")];
        match self {
            Self::Half => &ALL[..2],
            Self::Whole => &ALL,
        }
    }
}

/// Card with a chart, its table and its files.
#[component]
pub fn FigureCard(
    /// The figure.
    figure: Figure,
    /// Address of its files: the folder, and the query string of the page.
    files: (String, String),
    /// Its width on the page.
    room: Room,
    /// The legend and notes below the chart.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_locale();
    let Figure { name, title, note, sheet, draw } = figure;
    let drawn = drawings(&|width| draw(width, Palette::Page), room).into_string();
    let id = format!("{name}-title");
    let heading = id.clone();
    view! {
        <section class="card" id=name aria-labelledby=id>
            <h2 id=heading>{title.clone()}</h2>
            <p class="figure-note">{note}</p>
            <div class="chart" tabindex="0" role="region" aria-label=t.figure_chart(&title) inner_html=drawn></div>
            {children.map(|children| children())}
            <div class="twin">
                <details>
                    <summary>{t.figure_table()}</summary>
                    <Rows label=title.clone() sheet/>
                </details>
                <Files name files/>
            </div>
        </section>
    }
}

/// Links to the files of the figure.
#[component]
pub fn Files(
    /// The name of the figure.
    name: &'static str,
    /// The folder, and the query string of the page.
    files: (String, String),
) -> impl IntoView {
    let (folder, query) = files;
    let at =
        |ending: &str| format!("{}{query}", address(&format!("{folder}/{name}.{ending}"), &[]));
    let file = |ending: &str| format!("{name}.{ending}");
    view! {
        <p class="files">
            <span class="quiet-text">{use_locale().figure_download()}</span>
            <a href=at("csv") download=file("csv")>"CSV"</a>
            <a href=at("svg") download=file("svg")>"SVG"</a>
            // Only the browser can render a PNG: shown after hydration.
            <a href=at("svg") download=file("png") data-png="" hidden>"PNG"</a>
            " "
            <span aria-live="polite" data-png-status=""></span>
        </p>
    }
}
