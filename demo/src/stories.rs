//! What happens in the factory that somebody should find out. Each is one entry here and
//! one section of `docs/demo.md`, with the figures that give it away.

/// Something that happens at a partner from one day on.
#[derive(Debug)]
pub(crate) struct Story {
    /// The partner's short name.
    pub(crate) partner: &'static str,
    /// Days of the demo, from 0: the first, and the first after.
    pub(crate) days: std::ops::Range<u32>,
    pub(crate) what: What,
}

/// What happens.
#[derive(Debug)]
pub(crate) enum What {
    /// Runs on the fixture fail with this code so often, and the unit has nothing.
    BadFixture { fixture: &'static str, code: &'static str, probability: f64 },
    /// What the station measures of a parameter moves by so much a day.
    Drift { station: &'static str, parameter: &'static str, a_day: f64 },
    /// That part of the units is built with one GPU of the lot, and of these so many fail
    /// at burn-in with this code, until it is replaced.
    BadLot { lot: &'static str, units: f64, code: &'static str, probability: f64 },
    /// The test program of the level is that version, which sets another low limit.
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
