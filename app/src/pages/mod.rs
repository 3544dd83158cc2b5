//! The pages.

pub mod frame;
pub mod login;
pub mod not_found;
pub mod overview;

pub use login::Login;
pub use not_found::NotFound;
pub use overview::Overview;
