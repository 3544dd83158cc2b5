#![no_main]
//! Firstpass JSON Lines.

mod upload;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| upload::read("firstpass", bytes));
