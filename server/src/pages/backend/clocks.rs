//! The clocks of a site.

use app::backend::At;
use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use domain::Timestamp;
use store::tenants::Tenant;

/// The clocks of a partner's site.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clocks(Tz);

impl Clocks {
    /// UTC where the zone is none that is known any more.
    pub(super) fn of(tenant: &Tenant) -> Self {
        Self(tenant.timezone.parse().unwrap_or(Tz::UTC))
    }

    /// Their zone.
    pub(super) fn zone(self) -> String {
        self.0.name().to_owned()
    }

    /// What they show.
    pub(super) fn at(self, moment: DateTime<Utc>) -> At {
        let local = moment.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string();
        At { moment: Timestamp::try_from(moment).unwrap_or(Timestamp::MIN), local }
    }

    /// The day that they show.
    pub(super) fn day(self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.0).date_naive()
    }

    /// By how much they are ahead of UTC.
    pub(super) fn offset(self, moment: DateTime<Utc>) -> <Tz as chrono::TimeZone>::Offset {
        self.0.offset_from_utc_datetime(&moment.naive_utc())
    }
}
