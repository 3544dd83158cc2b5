//! Figures to SVG, through plotters; nothing else uses plotters.
//!
//! A chart is a function of its data, its size and its palette: the same bytes for the
//! same arguments in the browser and on the server, so that a drawing made by one can be
//! replaced by the other's unseen. Nothing here measures text by asking a browser or a
//! font; legends, titles and tooltips beyond `<title>` are HTML and not drawn here.
//!
//! To add a mark: a file with one `render` function, which draws with `pen`, lays `target`s
//! over what it drew and puts a `sheet` around both; tests of its structure; a few states in
//! `examples/gallery.rs`, which are looked at in light, dark and narrow.

mod axis;
pub mod bars;
pub mod brush;
mod clock;
mod columns;
pub mod export;
mod figure;
pub mod histogram;
mod ink;
pub mod interval;
mod markup;
pub mod pareto;
mod pen;
mod rows;
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
