//! Root-cause statistics: common factors of failures, changepoints, comparison of groups, the
//! effect of retests, and measurement system analysis.

pub mod changepoints;
pub mod commonality;
pub mod compare;
pub mod confounding;
pub mod drift;
pub mod gage;
pub mod histogram;
pub mod part_average;
pub mod retest;
pub mod survival;
