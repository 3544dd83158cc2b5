//! What to do about a figure: which factor failures share, since when, which groups
//! differ, what a retest changes, and whether the instrument can be trusted.

pub mod changepoints;
pub mod commonality;
pub mod compare;
pub mod confounding;
pub mod gage;
pub mod histogram;
pub mod part_average;
pub mod retest;
pub mod survival;
