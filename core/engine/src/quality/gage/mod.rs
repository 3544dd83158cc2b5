//! Measurement system analysis: the share of the variation that is due to the instrument.
//!
//! Crossed studies: every operator (here often: station) measures every part the same
//! number of times.

pub mod anova;
pub mod bias;
pub mod misclassification;
pub mod ranges;
pub mod study;
