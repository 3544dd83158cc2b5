//! The partners of the demo, as plain data: their sites, stations and products.

use chrono_tz::Tz;

use super::calendar::Hours;

/// A partner of the demo: one site.
#[derive(Debug)]
pub struct Partner {
    /// Its short name.
    pub slug: &'static str,
    /// Its name on pages.
    pub name: &'static str,
    /// Its time zone.
    pub timezone: Tz,
    /// The prefix of its serial numbers.
    pub(crate) prefix: &'static str,
    /// Its fraction of all units.
    pub(crate) share: f64,
    pub(crate) hours: Hours,
    pub(crate) products: &'static [(u64, Product)],
    pub(crate) stations: &'static [Station],
}

/// A product.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) number: &'static str,
    /// Each with the first day on which units are built to it; the first from day 0.
    pub(crate) revisions: &'static [(u32, &'static str)],
    pub(crate) gpus: usize,
}

/// A test station.
#[derive(Debug)]
pub(crate) struct Station {
    pub(crate) name: &'static str,
    pub(crate) level: &'static str,
    pub(crate) fixtures: &'static [&'static str],
    /// The multiplier of the failure rate; 1 on average.
    pub(crate) strictness: f64,
    /// Whether the station only retests failed units.
    pub(crate) only_retests: bool,
}

const fn station(
    name: &'static str,
    level: &'static str,
    fixtures: &'static [&'static str],
    strictness: f64,
) -> Station {
    Station { name, level, fixtures, strictness, only_retests: false }
}

const EIGHT_AIR: Product =
    Product { number: "GX8-700", revisions: &[(0, "A"), (45, "B")], gpus: 8 };
const EIGHT_LIQUID: Product = Product { number: "GX8-1000L", revisions: &[(0, "A")], gpus: 8 };
const FOUR_AIR: Product = Product { number: "GX4-500", revisions: &[(0, "C"), (20, "D")], gpus: 4 };

/// The partners.
pub const PARTNERS: &[Partner] = &[
    Partner {
        slug: "northwind",
        name: "Northwind Systems",
        timezone: Tz::Asia__Taipei,
        prefix: "NW",
        share: 0.5,
        hours: Hours { week: [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.15], shifts: [5.0, 4.0, 1.5] },
        products: &[(3, EIGHT_AIR), (2, EIGHT_LIQUID)],
        stations: &[
            station("NW-ICT-01", "L6", &["NW-ICT-01-A", "NW-ICT-01-B"], 0.9),
            station("NW-ICT-02", "L6", &["NW-ICT-02-A", "NW-ICT-02-B"], 1.0),
            station("NW-ICT-03", "L6", &["NW-ICT-03-A", "NW-ICT-03-B"], 1.2),
            station("NW-BI-01", "L10", &["NW-BI-01-A", "NW-BI-01-B"], 0.8),
            station("NW-BI-02", "L10", &["NW-BI-02-A", "NW-BI-02-B"], 1.0),
            station("NW-BI-03", "L10", &["NW-BI-03-A", "NW-BI-03-B"], 1.0),
            station("NW-BI-04", "L10", &["NW-BI-04-A", "NW-BI-04-B"], 1.3),
            station("NW-RK-01", "L11", &["NW-RK-01-A"], 0.9),
            station("NW-RK-02", "L11", &["NW-RK-02-A"], 1.1),
        ],
    },
    Partner {
        slug: "kestrel",
        name: "Kestrel Manufacturing",
        timezone: Tz::America__Chicago,
        prefix: "KS",
        share: 0.3,
        hours: Hours { week: [1.0, 1.0, 1.0, 1.0, 0.9, 0.3, 0.0], shifts: [5.0, 3.0, 0.0] },
        products: &[(2, EIGHT_AIR), (1, FOUR_AIR)],
        stations: &[
            station("KS-ICT-01", "L6", &["KS-ICT-01-A", "KS-ICT-01-B"], 1.0),
            station("KS-ICT-02", "L6", &["KS-ICT-02-A", "KS-ICT-02-B"], 1.1),
            station("KS-BI-01", "L10", &["KS-BI-01-A", "KS-BI-01-B"], 0.9),
            station("KS-BI-02", "L10", &["KS-BI-02-A", "KS-BI-02-B"], 1.0),
            station("KS-BI-03", "L10", &["KS-BI-03-A", "KS-BI-03-B"], 1.1),
            Station { only_retests: true, ..station("KS-BI-RT", "L10", &["KS-BI-RT-A"], 1.0) },
            station("KS-RK-01", "L11", &["KS-RK-01-A"], 0.9),
            station("KS-RK-02", "L11", &["KS-RK-02-A"], 1.1),
        ],
    },
    Partner {
        slug: "meridian",
        name: "Meridian Electronics",
        timezone: Tz::Asia__Kolkata,
        prefix: "ME",
        share: 0.2,
        hours: Hours { week: [1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.0], shifts: [5.0, 4.0, 1.0] },
        products: &[(2, FOUR_AIR), (1, EIGHT_LIQUID)],
        stations: &[
            station("ME-ICT-01", "L6", &["ME-ICT-01-A", "ME-ICT-01-B"], 1.0),
            station("ME-ICT-02", "L6", &["ME-ICT-02-A", "ME-ICT-02-B"], 0.9),
            station("ME-BI-01", "L10", &["ME-BI-01-A", "ME-BI-01-B"], 0.9),
            station("ME-BI-02", "L10", &["ME-BI-02-A", "ME-BI-02-B"], 1.1),
            station("ME-BI-03", "L10", &["ME-BI-03-A", "ME-BI-03-B"], 1.0),
            station("ME-RK-01", "L11", &["ME-RK-01-A", "ME-RK-01-B"], 1.0),
        ],
    },
];

/// The fraction of units that repeatedly fail at burn-in, whatever is replaced. Of a fleet in use
/// 1.2 % are lemons (Kokolis et al. 2024); here it is an assumption.
pub(crate) const LEMONS: f64 = 0.005;
/// Probability that a run is aborted, times out or ends with an error.
pub(crate) const INTERRUPTED: f64 = 0.008;
/// The fraction of failures with a real defect; the others pass when retested.
pub(crate) const REAL: f64 = 0.65;
/// Probability that a repair fixes the defect.
pub(crate) const REPAIRED: f64 = 0.92;

#[cfg(test)]
mod tests {
    use super::super::operations::ROUTE;
    use super::*;

    #[test]
    fn every_site_can_run_every_operation() {
        for partner in PARTNERS {
            for operation in ROUTE {
                let is_open = |it: &&Station| it.level == operation.level && !it.only_retests;
                assert!(partner.stations.iter().any(|it| is_open(&it)), "{}", partner.slug);
            }
        }
        let units: f64 = PARTNERS.iter().map(|partner| partner.share).sum();
        assert!((units - 1.0).abs() < 1e-12);
    }
}
