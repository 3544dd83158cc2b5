//! What a filter lets through.

use std::ops::Range;

/// Values of a column, by their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All of them: no filter.
    #[default]
    All,
    /// These. Codes that are none are passed over; an empty list lets nothing through.
    These(Vec<u32>),
    /// From this one to before that one.
    Range(Range<u32>),
}

impl Selection {
    /// Of so many values, whether each is let through.
    pub(super) fn allowed(&self, values: usize) -> Vec<bool> {
        match self {
            Self::All => vec![true; values],
            Self::These(codes) => {
                let mut allowed = vec![false; values];
                for code in codes {
                    if let Some(place) = allowed.get_mut(*code as usize) {
                        *place = true;
                    }
                }
                allowed
            }
            Self::Range(range) => {
                (0..).take(values).map(|code: u32| range.contains(&code)).collect()
            }
        }
    }
}
