//! The golden vectors as a plain library without imports: built for wasm32, it lets
//! `golden/run.mjs` compare the bits computed in WebAssembly with the committed ones.

#[expect(dead_code, reason = "names are told by golden.txt; only bits leave the library")]
#[path = "../golden/cases.rs"]
mod cases;

use std::sync::OnceLock;

static BITS: OnceLock<Vec<u64>> = OnceLock::new();

fn bits() -> &'static [u64] {
    BITS.get_or_init(|| cases::cases().iter().map(|case| case.value.to_bits()).collect())
}

/// The number of cases.
#[allow(unsafe_code, reason = "a fixed export name; no other symbol of this library has it")]
#[unsafe(no_mangle)]
pub extern "C" fn golden_len() -> u32 {
    u32::try_from(bits().len()).unwrap_or(u32::MAX)
}

/// The bits of case `i`; past the end those of a NaN, which no case has.
#[allow(unsafe_code, reason = "a fixed export name; no other symbol of this library has it")]
#[unsafe(no_mangle)]
pub extern "C" fn golden_bits(i: u32) -> u64 {
    bits().get(i as usize).copied().unwrap_or(u64::MAX)
}
