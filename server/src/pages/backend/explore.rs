//! Loads the data of the Explore page.

use app::backend::{Explored, Measurement, Measurements, Runs, TooMany};
use app::explore::{CHARTS, MOST_DAYS, State, explorer};
use chrono::{DateTime, Utc};
use domain::frame::{Column, Frame};
use domain::yields::{Aborted, Bound, Definition};
use store::TenantTx;
use store::frames::{Fits, FrameQuery};
use store::yields::Question;

use super::ServerBackend;
use super::clocks::Clocks;
use super::overview::last_days;
use crate::figures;
use crate::frames::{self, Tag};
use crate::problem::ApiResult;
use crate::web::paging::cut_page;

/// Maximum number of listed measurements; a search finds the others.
const MAX_MEASUREMENTS: u16 = 1000;
/// The newest runs whose attributes are suggested.
const ATTRIBUTE_RUNS: u16 = 2000;
/// Maximum number of suggested attributes.
const MAX_ATTRIBUTES: u16 = 200;

impl ServerBackend {
    pub(super) async fn list_measurements(&self, search: String) -> ApiResult<Measurements> {
        // PostgreSQL text cannot contain NUL, so nothing has such a name.
        let known = Some(search.trim()).filter(|part| !part.contains('\0'));
        let mut tx = TenantTx::begin(self.state.store(), &self.principal).await?;
        let mut listed = match known {
            Some(part) => tx.measurements(part, MAX_MEASUREMENTS + 1).await?,
            None => Vec::new(),
        };
        let cut = cut_page(&mut listed, MAX_MEASUREMENTS).is_some();
        let found = match known.filter(|_| cut) {
            Some(part) => tx.count_measurements(part).await?,
            None => listed.len() as u64,
        };
        let any = found > 0 || !tx.measurements("", 1).await?.is_empty();
        let of = |it: store::measurements::Measured| Measurement {
            operation: it.operation,
            name: it.name,
        };
        Ok(Measurements { listed: listed.into_iter().map(of).collect(), found, search, any })
    }

    /// Computes the charts for server-side rendering, from the frame that the browser later gets
    /// from `/data/v1/runs`.
    pub(in crate::pages) async fn load_runs(&self, state: State) -> ApiResult<Explored> {
        let (mut tx, as_of) = figures::begin(self.state.store(), &self.principal).await?;
        let clocks = Clocks::of(&tx.this_tenant().await?);
        let today = clocks.day(DateTime::<Utc>::from(as_of));
        let window = state.days.and_then(|days| last_days(today, days));
        // Selects all runs, counted or not, whatever the definition.
        let question = Question {
            from: window.map(|(first, _)| Bound::Day(first)),
            to: window.map(|(_, after)| Bound::Day(after)),
            filters: Default::default(),
            group_by: Vec::new(),
            definition: Definition::default(),
            aborted: Aborted::Counted,
        };
        let most = self.state.limits().frame_runs;
        let too_many = |from: Fits| {
            let days = from.map(|from| today.signed_duration_since(from).num_days() + 1);
            let fits = days.and_then(|days| u16::try_from(days.min(MOST_DAYS.into())).ok());
            TooMany { most, fits: fits.filter(|days| *days > 0) }
        };
        let measurement = match &state.measurement {
            Some(name) => tx.measurement(name).await?,
            None => None,
        };
        let measured = measurement.as_ref().map(|it| it.name().to_owned());
        let attributes = tx.attribute_names(ATTRIBUTE_RUNS, MAX_ATTRIBUTES).await?;
        let attribute = state.attribute.clone();
        let without = Column::all_but(&CHARTS);
        let wanted = FrameQuery { question, most, measurement, attribute, without };
        let tag = Tag::of(&mut tx, &wanted).await?;
        let built = self.state.frames().get(tag, self.state.store(), tx, &wanted).await?;
        let charts = |frame: Frame| {
            let count = move || explorer(frame, &state).map(Box::new);
            frames::spawn_cpu("counting a frame of our own", count)
        };
        let runs = match built.runs.clone() {
            frames::Runs::Each(frame) => Runs::Each(charts(frame).await?),
            frames::Runs::Cells(frame, fits) => Runs::Cells(charts(frame).await?, too_many(fits)),
            frames::Runs::TooMany(fits) => Runs::TooMany(too_many(fits)),
        };
        Ok(Explored {
            as_of: clocks.at(as_of.into()),
            window: window.map(|(first, after)| (first.to_string(), after.to_string())),
            measured,
            attributes,
            runs,
        })
    }
}
