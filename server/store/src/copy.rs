//! Writes rows in the binary format of COPY, which needs no escaping and no parsing of decimal
//! numbers.

use domain::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// The file header: signature, no flags, no extension.
pub(crate) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The file trailer, after the last row.
pub(crate) const TRAILER: &[u8] = &(-1_i16).to_be_bytes();

/// Microseconds from 1970 to 2000, PostgreSQL's epoch.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The buffered rows of one table. A row is [`Rows::begin`] with the number of its fields, and
/// then the fields in the order of the table's columns.
#[derive(Debug, Default)]
pub(crate) struct Rows(Vec<u8>);

/// A value of a column.
pub(crate) trait Field {
    /// Its bytes, without their length.
    fn write(&self, bytes: &mut Vec<u8>);
}

macro_rules! numbers {
    ($($number:ty),+) => {
        $(impl Field for $number {
            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_be_bytes());
            }
        })+
    };
}
numbers!(i16, i32, i64, f64);

impl Field for bool {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }
}

impl Field for Uuid {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.as_bytes());
    }
}

impl Field for Timestamp {
    fn write(&self, bytes: &mut Vec<u8>) {
        (self.micros() - EPOCH_MICROS).write(bytes);
    }
}

impl Field for &str {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.as_bytes());
    }
}

impl Field for &[u8] {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self);
    }
}

/// A value in a column of type `json`.
pub(crate) struct Json<'a, T>(pub(crate) &'a T);

impl<T: Serialize> Field for Json<'_, T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        // Cannot fail: neither writes to the buffer nor serialization of the domain's types do.
        let _ = serde_json::to_writer(bytes, self.0);
    }
}

/// A value in a column of type `jsonb`.
pub(crate) struct Jsonb<'a, T>(pub(crate) &'a T);

impl<T: Serialize> Field for Jsonb<'_, T> {
    fn write(&self, bytes: &mut Vec<u8>) {
        // The version of the binary form.
        bytes.push(1);
        Json(self.0).write(bytes);
    }
}

impl Rows {
    /// Begins a row of `fields` fields.
    pub(crate) fn begin(&mut self, fields: i16) {
        self.0.extend_from_slice(&fields.to_be_bytes());
    }

    pub(crate) fn field(&mut self, value: impl Field) {
        let start = self.0.len();
        self.0.extend_from_slice(&[0; 4]);
        value.write(&mut self.0);
        // A field is a part of a line of an upload, which is far shorter than 2 GiB.
        let length = i32::try_from(self.0.len() - start - 4).unwrap_or_default();
        if let Some(prefix) = self.0.get_mut(start..start + 4) {
            prefix.copy_from_slice(&length.to_be_bytes());
        }
    }

    pub(crate) fn optional(&mut self, value: Option<impl Field>) {
        match value {
            Some(value) => self.field(value),
            None => self.0.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_fields_each_after_its_length() {
        let mut rows = Rows::default();
        rows.begin(4);
        rows.field("é");
        rows.optional(None::<i32>);
        rows.field(1_i16);
        rows.field(Timestamp::from_micros(EPOCH_MICROS + 1).unwrap());
        assert_eq!(
            rows.into_bytes(),
            [
                &[0, 4, 0, 0, 0, 2, 0xc3, 0xa9][..],
                &[0xff, 0xff, 0xff, 0xff],
                &[0, 0, 0, 2, 0, 1],
                &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1],
            ]
            .concat()
        );
    }
}
