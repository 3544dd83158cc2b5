//! Planted events that users should be able to detect. Each is one entry here and one section of
//! `docs/demo.md`, with the figures that reveal it.

/// An event at a partner over a range of days.
#[derive(Debug)]
pub(crate) struct Story {
    /// The partner's short name.
    pub(crate) partner: &'static str,
    /// The range of days of the demo, from 0.
    pub(crate) days: std::ops::Range<u32>,
    pub(crate) what: What,
}

/// The event.
#[derive(Debug)]
pub(crate) enum What {
    /// Runs on the fixture fail with this code at this probability, though the unit is good.
    BadFixture { fixture: &'static str, code: &'static str, probability: f64 },
    /// The station's measurement of a parameter drifts by this amount per day.
    Drift { station: &'static str, parameter: &'static str, a_day: f64 },
    /// This fraction of the units is built with one GPU of the lot; these fail at burn-in with this
    /// code at this probability, until it is replaced.
    BadLot { lot: &'static str, units: f64, code: &'static str, probability: f64 },
    /// The test program of the level has this version, with another lower limit.
    Program { level: &'static str, software: &'static str, parameter: &'static str, low: f64 },
}

pub(crate) const STORIES: &[Story] = &[
    Story {
        partner: "northwind",
        days: 50..90,
        what: What::BadFixture {
            fixture: "NW-ICT-02-B",
            code: "pcie-link-degraded",
            probability: 0.2,
        },
    },
    Story {
        partner: "kestrel",
        days: 30..90,
        what: What::Drift { station: "KS-BI-02", parameter: "gpu-temp-max", a_day: 0.3 },
    },
    Story {
        partner: "northwind",
        days: 30..55,
        what: What::BadLot { lot: "H26X7", units: 0.2, code: "gpu-hbm-error", probability: 0.6 },
    },
    Story {
        partner: "meridian",
        days: 55..90,
        what: What::Program {
            level: "L10",
            software: "4.3.0",
            parameter: "nvlink-bandwidth",
            low: 420.0,
        },
    },
];
