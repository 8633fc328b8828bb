#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| aps_payops_fuzz::validate(data));
