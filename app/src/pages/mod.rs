//! The pages.

pub mod account;
mod decide;
pub mod explore;
pub mod frame;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod login;
mod measurement;
pub mod not_found;
pub mod overview;
mod parameters;
pub mod partners;
pub mod receipt;
pub(crate) mod send;
pub mod unit;
pub mod units;
pub mod uploads;
mod views;

pub use account::Account;
pub use explore::Explore;
pub use login::Login;
pub use not_found::NotFound;
pub use overview::Overview;
pub use partners::Partners;
pub use receipt::Receipt;
pub use unit::Unit;
pub use units::Units;
pub use uploads::Uploads;
