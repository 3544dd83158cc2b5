//! Charts as SVG, drawn with plotters; no other crate uses plotters.
//!
//! A chart is a pure function of its data, size and palette: the same arguments give the same bytes
//! in the browser and on the server, so either can replace the other's drawing without a visible
//! change. Text widths come from a table, not from a browser or a font. Legends, titles and
//! tooltips beyond `<title>` are HTML, outside this crate.
//!
//! To add a chart: a file with one `render` function, which draws with `pen`, puts `target`s over
//! the marks and a `sheet` around both; tests of its structure; a few states in
//! `examples/gallery.rs`, to be checked in light mode, in dark mode and at a narrow width.

mod axis;
pub mod bars;
pub mod boxes;
pub mod brush;
mod clock;
mod columns;
pub mod control;
pub mod distribution;
pub mod drift;
pub mod export;
mod figure;
pub mod histogram;
mod ink;
pub mod interval;
mod markup;
pub mod pareto;
mod pen;
mod plane;
mod rows;
mod scale;
mod sheet;
pub mod spark;
mod svg;
mod target;
mod text;
mod time;
pub mod timeline;
pub mod trend;

pub use clock::Clock;
pub use figure::Figure;
pub use ink::Palette;
pub use markup::{Escaped, Markup, Value};
