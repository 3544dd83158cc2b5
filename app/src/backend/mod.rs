//! The port through which pages reach the server, and the shapes that pass it.

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
mod units;
mod uploads;

pub use crate::model::{At, Meaning};
pub use account::{Account, Session};
pub use api::{ApiField, ApiOperation, ApiReference, ApiSchema};
pub use explore::{Explored, Measurement, Measurements, Runs, SavedView, TooMany};
pub use failures::{
    CodeReport, FailureKey, FailureReport, FailureRow, FailuresQuery, Period, Place, RepairOutcome,
};
pub use overview::{
    Change, Changes, Code, Explained, Failures, OperationFigures, Overview, OverviewQuery,
    PRODUCTS, PartnerFigures, Rolled, StationFigures, Subject,
};
pub use units::{
    Clock, Decided, FailedCheck, Fix, FoundCode, Listed, Part, Repaired, Search, UnitHistory,
    UnitLine, UnitList, UnitRun,
};
pub use uploads::{Reason, ReceiptLine, ReceiptList, ReceiptView, Remark, Sent, SentFile};

/// What a page may ask. The server answers for the caller of the request and nobody else.
pub trait Backend: Send + Sync {
    /// Who looks, and at what.
    fn viewer(&self) -> Answer<'_, Viewer>;
    /// How all partners are doing, by name: for our own people only, 403 for others.
    fn partners(&self) -> Answer<'_, Vec<PartnerFigures>>;
    /// How the viewer's partner is doing.
    fn overview(&self, query: OverviewQuery) -> Answer<'_, Overview>;
    /// What fails in a period, and one code in detail.
    fn failures(&self, query: FailuresQuery) -> Answer<'_, FailureReport>;
    /// Linked charts over the runs of the last so many of the site's days, today among them,
    /// or over all.
    fn explored(&self, state: State) -> Answer<'_, Explored>;
    /// What the partner has numbers of, by a part of its name.
    fn measurements(&self, search: String) -> Answer<'_, Measurements>;
    /// The slices that the partner's people gave a name to, by name.
    fn views(&self) -> Answer<'_, Vec<SavedView>>;
    /// The viewer's own log-ins.
    fn account(&self) -> Answer<'_, Account>;
    /// Units by a part of their serials.
    fn units(&self, search: Search) -> Answer<'_, UnitList>;
    /// A unit with a page of its runs, newest first, that begins with a cursor; 404 where there is
    /// none of that serial.
    fn unit(&self, serial: String, from: Option<String>) -> Answer<'_, UnitHistory>;
    /// Uploads from the newest on, before a receipt's id.
    fn receipts(&self, before: Option<String>) -> Answer<'_, ReceiptList>;
    /// What came of an upload, with remarks after one; 404 where there is none of that id.
    fn receipt(&self, id: String, after: Option<String>) -> Answer<'_, ReceiptView>;
}

/// What a question comes to.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Why a page has no answer to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The status of the page.
    pub status: u16,
    /// What to tell the reader.
    pub message: String,
}

/// The backend of a request, as pages find it in their context.
#[derive(Clone)]
pub struct BackendHandle(pub Arc<dyn Backend>);

/// The status that the page will be answered with; 200 unless a page says otherwise.
#[derive(Clone, Debug)]
pub struct PageStatus(Arc<AtomicU16>);

impl Default for PageStatus {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl PageStatus {
    /// Sets it.
    pub fn set(&self, status: u16) {
        self.0.store(status, Ordering::Relaxed);
    }

    /// What it is.
    #[must_use]
    pub fn get(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The address they logged in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The partner whose data they see; none outside of a partner's pages.
    pub partner: Option<Partner>,
    /// Whether they may see other partners too, and so choose one.
    pub has_several_partners: bool,
    /// How often the partner's data had changed when the page was asked for; 0 without one.
    pub mark: i64,
}

/// The audited view that a page is, where the reader is an internal person: the requests
/// that belong to it name it, and are not audited again.
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

/// Where this site is reached, as pages find it in their context: `https://host`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress(pub String);
