//! The operations of the route, with their parameters and failures.

/// An operation of the route.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) level: &'static str,
    pub(crate) name: &'static str,
    pub(crate) minutes: u64,
    /// Probability that a first run fails, outside the stories.
    pub(crate) fails: f64,
    pub(crate) software: &'static str,
    pub(crate) measurements: &'static [Parameter],
    /// Failures, by weight.
    pub(crate) failures: &'static [(u64, Failure)],
}

/// A parameter that every run measures: a bounded bell curve around `mean` that stays within the
/// limits, so that a value outside has a cause.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) step: &'static str,
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) mean: f64,
    pub(crate) sigma: f64,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// Decimal places.
    pub(crate) digits: i32,
    /// The diagnosis when it exceeds its limits.
    pub(crate) code: &'static str,
}

/// A diagnosis.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) step: &'static str,
    pub(crate) part: Part,
}

/// The part to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// No listed part: the board is reworked.
    Board,
    Gpu,
    Nic,
}

const fn failure(code: &'static str, step: &'static str, part: Part) -> Failure {
    Failure { code, step, part }
}

/// The route, in order.
pub(crate) static ROUTE: [&Operation; 3] = [&BOARD_TEST, &BURN_IN, &RACK_TEST];

/// Weights: root causes of lemon nodes in two research clusters (Kokolis et al. 2024, per
/// mille), those that a board test can find.
static BOARD_TEST: Operation = Operation {
    level: "L6",
    name: "L6 board test",
    minutes: 18,
    fails: 0.019,
    software: "2.8.1",
    measurements: &[
        parameter("power-on", "rail-12v", "V", 12.02, 0.08, Some(11.6), Some(12.4), 2, "rail-out"),
        parameter("power-on", "rail-vdd", "V", 0.8, 0.006, Some(0.77), Some(0.83), 4, "rail-out"),
        parameter(
            "links",
            "pcie-eye-height",
            "mV",
            46.0,
            4.0,
            Some(30.0),
            None,
            1,
            "pcie-link-degraded",
        ),
        parameter("links", "bmc-boot-time", "s", 61.0, 5.0, None, Some(85.0), 1, "bios-post"),
    ],
    failures: &[
        (205, failure("dimm-training", "power-on", Part::Board)),
        (154, failure("pcie-link-degraded", "links", Part::Board)),
        (77, failure("bios-post", "links", Part::Board)),
        (77, failure("nic-link-down", "links", Part::Board)),
        (51, failure("rail-out", "power-on", Part::Board)),
    ],
};

/// Weights: interruptions of the Llama 3 training run by hardware (2024, Table 5), without
/// software, network and maintenance.
pub(crate) static BURN_IN: Operation = Operation {
    level: "L10",
    name: "L10 node burn-in",
    minutes: 240,
    fails: 0.045,
    software: "4.2.0",
    measurements: &[
        parameter("thermal", "gpu-temp-max", "C", 78.0, 2.5, None, Some(92.0), 1, "gpu-overtemp"),
        parameter("thermal", "hbm-temp-max", "C", 84.0, 2.5, None, Some(97.0), 1, "gpu-hbm-error"),
        parameter(
            "thermal",
            "node-power",
            "W",
            9800.0,
            120.0,
            None,
            Some(10_600.0),
            0,
            "psu-fault",
        ),
        parameter(
            "bandwidth",
            "nvlink-bandwidth",
            "GB/s",
            430.0,
            8.0,
            Some(400.0),
            None,
            1,
            "nvlink-slow",
        ),
        parameter(
            "bandwidth",
            "hbm-bandwidth",
            "GB/s",
            3050.0,
            35.0,
            Some(2900.0),
            None,
            0,
            "gpu-fault",
        ),
    ],
    failures: &[
        (148, failure("gpu-fault", "bandwidth", Part::Gpu)),
        (72, failure("gpu-hbm-error", "thermal", Part::Gpu)),
        (19, failure("gpu-sram-error", "bandwidth", Part::Gpu)),
        (17, failure("gpu-gsp-timeout", "bandwidth", Part::Gpu)),
        (7, failure("nic-link-down", "bandwidth", Part::Nic)),
        (6, failure("silent-data-corruption", "bandwidth", Part::Gpu)),
        (6, failure("gpu-overtemp", "thermal", Part::Gpu)),
        (3, failure("ssd-error", "bandwidth", Part::Board)),
        (3, failure("psu-fault", "thermal", Part::Board)),
        (2, failure("chassis", "thermal", Part::Board)),
        (2, failure("io-board", "bandwidth", Part::Board)),
        (2, failure("cpu", "thermal", Part::Board)),
        (2, failure("dimm-error", "bandwidth", Part::Board)),
    ],
};

/// Weights: the network's rows of the same table, and the power supply's.
static RACK_TEST: Operation = Operation {
    level: "L11",
    name: "L11 rack test",
    minutes: 90,
    fails: 0.03,
    software: "1.6.3",
    measurements: &[
        parameter(
            "cooling",
            "coolant-flow",
            "L/min",
            62.0,
            2.0,
            Some(50.0),
            None,
            1,
            "coolant-flow-low",
        ),
        parameter(
            "fabric",
            "allreduce-bandwidth",
            "GB/s",
            372.0,
            5.0,
            Some(350.0),
            None,
            1,
            "nccl-timeout",
        ),
        parameter("power", "shelf-imbalance", "%", 4.0, 0.8, None, Some(8.0), 1, "power-shelf"),
    ],
    failures: &[
        (35, failure("switch-or-cable", "fabric", Part::Board)),
        (7, failure("nic-link-down", "fabric", Part::Nic)),
        (7, failure("nccl-timeout", "fabric", Part::Board)),
        (3, failure("power-shelf", "power", Part::Board)),
    ],
};

#[allow(clippy::too_many_arguments)] // a row of a table
const fn parameter(
    step: &'static str,
    name: &'static str,
    unit: &'static str,
    mean: f64,
    sigma: f64,
    low: Option<f64>,
    high: Option<f64>,
    digits: i32,
    code: &'static str,
) -> Parameter {
    Parameter { step, name, unit, mean, sigma, low, high, digits, code }
}

#[cfg(test)]
mod tests {
    use super::super::dice::MAX_DEVIATION;
    use super::*;

    #[test]
    fn parameters_exceed_limits_only_with_a_cause() {
        for operation in ROUTE {
            for it in operation.measurements {
                let reach = MAX_DEVIATION * it.sigma;
                assert!(it.low.is_none_or(|low| it.mean - reach > low), "{}", it.name);
                assert!(it.high.is_none_or(|high| it.mean + reach < high), "{}", it.name);
            }
        }
    }

    #[test]
    fn every_failure_is_of_a_step() {
        for operation in ROUTE {
            let steps: Vec<_> = operation.measurements.iter().map(|it| it.step).collect();
            for (_, failure) in operation.failures {
                assert!(steps.contains(&failure.step), "{}: {}", operation.name, failure.code);
            }
        }
    }
}
