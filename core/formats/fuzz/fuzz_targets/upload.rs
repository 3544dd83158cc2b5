//! What is asked of every format.

use formats::{Event, Limits, Params, Tenant};

/// Reads the bytes whole, and cut in two where the bytes themselves say.
pub fn read(format: &str, bytes: &[u8]) {
    let whole = events(format, &[bytes]);
    let cut = bytes
        .iter()
        .fold(0, |cut: usize, byte| cut.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let (head, tail) = bytes.split_at(cut % (bytes.len() + 1));
    assert_eq!(whole, events(format, &[head, tail]));
    for event in whole.unwrap_or_default() {
        if let Event::Record { record, .. } = event {
            let json = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<domain::IngestRecord>(&json).unwrap(), record);
        }
    }
}

/// Every event of an upload in these pushes.
pub fn events(format: &str, pushes: &[&[u8]]) -> Result<Vec<Event>, formats::TooMuch> {
    let mut params = Params::default();
    params.set("unit", "U1").unwrap();
    params.set("operation", "L10").unwrap();
    let tenant = Tenant {
        chassis_part_type: Some("CHASSIS".to_owned()),
        attribute_part_types: vec!["GPU".to_owned()],
    };
    let mut events = Vec::new();
    let mut parser = formats::open(format, params, tenant, Limits::default()).unwrap();
    for bytes in pushes {
        parser.push(bytes, &mut |event| events.push(event))?;
    }
    parser.finish(&mut |event| events.push(event))?;
    Ok(events)
}
