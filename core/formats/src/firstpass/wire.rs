//! The lines as they are written. The same types read and write, so that what
//! one writes the other reads.

use serde::{Deserialize, Serialize};

use crate::json::{Attributes, Count, Number, Plain, PlainOrMany};

macro_rules! wire {
    ($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$field_meta])* #[serde(skip_serializing_if = "Option::is_none")] pub(super) $field: Option<$type>,)+
        }
    };
}

wire! {
    /// `{"type":"run",…}`
    struct Run {
        #[serde(rename = "type")]
        kind: String,
        id: String,
        unit: Unit,
        operation: String,
        level: String,
        station: String,
        fixture: String,
        slot: String,
        operator: String,
        software: String,
        started_at: String,
        ended_at: String,
        outcome: String,
        steps: Vec<Step>,
        findings: Vec<Finding>,
        components: Vec<Component>,
        attributes: Attributes,
    }
}

wire! {
    /// The unit of a run.
    struct Unit {
        serial: String,
        product: String,
        revision: String,
        kind: String,
    }
}

wire! {
    /// A step.
    struct Step {
        name: String,
        status: String,
        #[serde(rename = "loop")]
        loop_index: Count,
        started_at: String,
        ended_at: String,
        measurements: Vec<Measurement>,
    }
}

wire! {
    /// A measurement, with `value` or with `series`.
    struct Measurement {
        name: String,
        value: Plain,
        series: Vec<Element>,
        unit: String,
        low: Number,
        high: Number,
        cmp: String,
        checks: Vec<Check>,
        outcome: String,
        component: String,
        started_at: String,
        ended_at: String,
    }
}

wire! {
    /// One value of a series.
    struct Element {
        index: Count,
        value: Plain,
        at: String,
    }
}

wire! {
    /// A check.
    struct Check {
        #[serde(rename = "type")]
        kind: String,
        value: PlainOrMany,
        name: String,
        outcome: String,
    }
}

wire! {
    /// A finding.
    struct Finding {
        kind: String,
        outcome: String,
        system: String,
        code: String,
        severity: String,
        message: String,
        component: String,
    }
}

wire! {
    /// A part.
    struct Component {
        serial: String,
        part: String,
        slot: String,
        lot: String,
    }
}

wire! {
    /// `{"type":"repair",…}`
    struct Repair {
        #[serde(rename = "type")]
        kind: String,
        id: String,
        unit: String,
        at: String,
        action: String,
        run: String,
        defect: String,
        component_out: Component,
        component_in: Component,
        comment: String,
    }
}

impl From<Component> for domain::Component {
    fn from(part: Component) -> Self {
        let Component { serial, part, slot, lot } = part;
        let trimmed = crate::json::trimmed;
        Self {
            serial: trimmed(serial),
            part: trimmed(part),
            slot: trimmed(slot),
            lot: trimmed(lot),
            name: None,
        }
    }
}
