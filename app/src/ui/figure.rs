//! A chart under the question that it answers, with the same as a table and as files.

use std::sync::Arc;

use charts::{Markup, Palette, export};
use leptos::prelude::*;

use super::html::drawings;
use super::locale::use_locale;
use super::query::address;
use super::sheet::{Rows, Sheet};

/// What a chart is drawn from and says of itself.
#[derive(Clone)]
pub struct Figure {
    /// Its name in addresses and in the names of files.
    pub name: &'static str,
    /// The question that it answers.
    pub title: String,
    /// What is counted, and as of when.
    pub note: String,
    /// What is drawn, in figures.
    pub sheet: Sheet,
    /// Draws it so many pixels wide.
    pub draw: Arc<dyn Fn(u32, Palette) -> Markup + Send + Sync>,
}

/// What a figure can be taken away as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Its rows for a spreadsheet.
    Csv,
    /// Its drawing.
    Svg,
}

/// Pixels across of a drawing in a file.
pub(crate) const FILE_WIDTH: u32 = 720;

impl FileKind {
    /// The name of a file without its ending, and the kind that the ending says.
    #[must_use]
    pub fn named(file: &str) -> Option<(&str, Self)> {
        let (name, ending) = file.rsplit_once('.')?;
        let kind = [Self::Csv, Self::Svg].into_iter().find(|kind| kind.ending() == ending)?;
        Some((name, kind))
    }

    /// What the name of such a file ends with.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Svg => "svg",
        }
    }

    /// What a browser is told that it is.
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

/// How wide the server draws, which cannot know how wide a window is: each drawing is there
/// in these widths, and the style sheet shows the widest that has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Half of a page, or all of a phone.
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

/// The figure as a card.
#[component]
pub fn Drawn(
    /// What is shown.
    figure: Figure,
    /// Where it can be had as a file: the folder, and what the page was asked.
    files: (String, String),
    /// How much room it has.
    room: Room,
    /// What its marks and words mean, under the drawing.
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

/// Links to the figure as files.
#[component]
pub fn Files(
    /// The name of the figure.
    name: &'static str,
    /// The folder, and what the page was asked.
    files: (String, String),
) -> impl IntoView {
    let (folder, asked) = files;
    let at =
        |ending: &str| format!("{}{asked}", address(&format!("{folder}/{name}.{ending}"), &[]));
    let file = |ending: &str| format!("{name}.{ending}");
    view! {
        <p class="files">
            <span class="quiet-text">{use_locale().figure_download()}</span>
            <a href=at("csv") download=file("csv")>"CSV"</a>
            <a href=at("svg") download=file("svg")>"SVG"</a>
            // Only a browser makes pixels: shown once the page is alive.
            <a href=at("svg") download=file("png") data-png="" hidden>"PNG"</a>
            " "
            <span aria-live="polite" data-png-status=""></span>
        </p>
    }
}
