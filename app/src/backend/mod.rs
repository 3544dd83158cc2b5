//! The port (hexagonal architecture) through which pages query the server, and its data types.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use domain::Role;

use crate::explore::State;

mod account;
mod api;
mod explore;
mod failures;
mod overview;
mod quality;
mod units;
mod uploads;

pub use crate::model::{At, Meaning};
pub use crate::slice::Period;
pub use account::{Account, Session};
pub use api::{ApiField, ApiOperation, ApiReference, ApiSchema};
pub use explore::{Explored, Measurement, Measurements, Runs, SavedView, TooMany};
pub use failures::{
    CodeReport, Drift, FailedParameter, FailureKey, FailureReport, FailureRow, FailuresQuery,
    Place, RepairOutcome,
};
pub use overview::{
    Cause, Change, Changes, Code, Explained, FailedUnit, Failures, LimitChange, OperationFigures,
    Overview, OverviewQuery, PRODUCTS, PartnerFigures, RetestStation, Rolled, StandingOut,
    StationFigures, Subject,
};
pub use quality::{
    CapabilityFigures, ChartChoice, ControlFigures, ControlPhase, ControlPoint,
    DistributionFigures, DriftFigures, Estimate, LimitsVersion, Outlier, ParameterOrder,
    ParameterPage, ParameterQuery, ParameterReport, ParameterRow, ParametersQuery, PartsPerMillion,
    Retest, RuleChoice, RunChoice, StationComparison, StationValues,
};
pub use units::{
    Clock, Decided, FailedCheck, Fix, FoundCode, Listed, Part, Repaired, Search, UnitHistory,
    UnitLine, UnitList, UnitRun,
};
pub use uploads::{Reason, ReceiptLine, ReceiptList, ReceiptView, Remark, Sent, SentFile};

/// The queries of pages. The server answers with the permissions of the request's caller.
pub trait Backend: Send + Sync {
    /// The viewer of the page and the partner that it is about.
    fn viewer(&self) -> Answer<'_, Viewer>;
    /// The figures of all partners by name, for internal people only: 403 for others.
    fn partners(&self) -> Answer<'_, Vec<PartnerFigures>>;
    /// The figures of the viewer's partner.
    fn overview(&self, query: OverviewQuery) -> Answer<'_, Overview>;
    /// The failures of a period, and one code in detail.
    fn failures(&self, query: FailuresQuery) -> Answer<'_, FailureReport>;
    /// Parameters that were measured, with their capability.
    fn parameters(&self, query: ParametersQuery) -> Answer<'_, ParameterPage>;
    /// A parameter in detail; 404 where nothing of that name was measured.
    fn parameter(&self, query: ParameterQuery) -> Answer<'_, ParameterReport>;
    /// Runs for the linked charts of Explore: of the last so many site days including today, or
    /// all.
    fn explored(&self, state: State) -> Answer<'_, Explored>;
    /// The partner's measurements that have numeric values, by a part of the name.
    fn measurements(&self, search: String) -> Answer<'_, Measurements>;
    /// The partner's saved views, by name.
    fn views(&self) -> Answer<'_, Vec<SavedView>>;
    /// The viewer's own sessions.
    fn account(&self) -> Answer<'_, Account>;
    /// Searches units, by a part of the serial number and other criteria.
    fn units(&self, search: Search) -> Answer<'_, UnitList>;
    /// A unit with a page of its runs, newest first (keyset pagination: `from` is a cursor). 404
    /// if no unit has that serial number.
    fn unit(&self, serial: String, from: Option<String>) -> Answer<'_, UnitHistory>;
    /// Uploads, newest first, older than the receipt id `before` (keyset pagination).
    fn receipts(&self, before: Option<String>) -> Answer<'_, ReceiptList>;
    /// The receipt of an upload, with the remarks after a cursor; 404 if the id is unknown.
    fn receipt(&self, id: String, after: Option<String>) -> Answer<'_, ReceiptView>;
}

/// The future result of a query.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Why a query failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status of the page.
    pub status: u16,
    /// The message for the reader.
    pub message: String,
}

/// The backend of a request. Pages take it from their context.
#[derive(Clone)]
pub struct BackendHandle(pub Arc<dyn Backend>);

/// The HTTP status of the response; 200 by default.
#[derive(Clone, Debug)]
pub struct PageStatus(Arc<AtomicU16>);

impl Default for PageStatus {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl PageStatus {
    /// Sets the status.
    pub fn set(&self, status: u16) {
        self.0.store(status, Ordering::Relaxed);
    }

    /// The status.
    #[must_use]
    pub fn get(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The viewer of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The e-mail address of the log-in.
    pub email: String,
    /// The role, which determines the permissions.
    pub role: Role,
    /// The partner whose data the page shows; `None` on pages without a partner.
    pub partner: Option<Partner>,
    /// Whether the viewer may switch to another partner.
    pub has_several_partners: bool,
    /// The partner's data version (watermark) at the time of the request; 0 without a partner.
    pub mark: i64,
}

/// Id of an audited page view by an internal person. Later requests of the page send it, and
/// so are not audited again.
#[derive(Debug, Clone)]
pub struct View(pub String);

/// A partner organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The zone of its site's clocks.
    pub zone: String,
}

/// The base URL of this site, `https://host`. Pages take it from their context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress(pub String);
