//! The selection of a filter.

use std::ops::Range;

/// Values of a column, by their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All values: no filter.
    #[default]
    All,
    /// These values. Unknown codes are ignored; an empty list accepts nothing.
    These(Vec<u32>),
    /// A half-open range of codes.
    Range(Range<u32>),
}

impl Selection {
    /// Whether each of `values` values is accepted.
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
