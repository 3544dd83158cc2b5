//! The views: every page of the portal, one folder each.
//!
//! [`VIEWS`] is the registry. The page routes of the server, the navigation, the bundle of a
//! page, and the rows of the coverage test derive from it. Code that runs in the browser must
//! not refer to it: the WASM bundle would contain every page.

mod causes;
mod first;
pub mod frame;
pub mod not_found;
mod registry;
pub mod repairs;
pub mod slice_bar;

pub use registry::{Access, Bundle, Load, View, find};

pub mod account {
    //! A person's own sessions and password.
    pub mod page;
}
pub mod api {
    //! The documentation of the API.
    pub mod page;
}
pub mod explore;
pub mod failures;
#[cfg(debug_assertions)]
pub mod gallery {
    //! The design system, in development builds only.
    pub mod page;
}
pub mod login {
    //! Signing in.
    pub mod page;
}
pub mod measurements;
pub mod overview;
pub mod parameter;
pub mod partners {
    //! All partners, for internal people.
    pub mod page;
}
pub mod receipt {
    //! The result of one upload.
    pub mod page;
}
pub mod unit;
pub mod units {
    //! Finding units.
    pub mod page;
}
pub mod uploads;

/// Every view. Those of the navigation are in its order.
pub static VIEWS: &[View] = &[
    partners::page::VIEW,
    login::page::VIEW,
    #[cfg(debug_assertions)]
    gallery::page::VIEW,
    account::page::VIEW,
    overview::page::VIEW,
    failures::page::VIEW,
    measurements::page::VIEW,
    parameter::page::VIEW,
    explore::page::VIEW,
    units::page::VIEW,
    unit::page::VIEW,
    uploads::page::VIEW,
    receipt::page::VIEW,
    api::page::VIEW,
];
