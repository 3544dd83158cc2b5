#![no_main]
//! OCP Test & Validation streams.

mod upload;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| upload::read("ocptv", bytes));
