//! The views: every page of the portal, one folder a view.
//!
//! [`VIEWS`] is the registry. The server's page routes, the navigation, whether a page loads
//! the browser's program, and the rows of the coverage test derive from it. Nothing that runs
//! in the browser may refer to it: the program would contain every page.

mod first;
pub mod frame;
pub mod not_found;
mod registry;
pub mod repairs;

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
    //! The design system, in a build for development.
    pub mod page;
}
pub mod login {
    //! Signing in.
    pub mod page;
}
pub mod overview;
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

/// Every view, the navigation's in their order.
pub static VIEWS: &[View] = &[
    partners::page::VIEW,
    login::page::VIEW,
    #[cfg(debug_assertions)]
    gallery::page::VIEW,
    account::page::VIEW,
    overview::page::VIEW,
    failures::page::VIEW,
    explore::page::VIEW,
    units::page::VIEW,
    unit::page::VIEW,
    uploads::page::VIEW,
    receipt::page::VIEW,
    api::page::VIEW,
];
