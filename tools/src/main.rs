//! Runs the pinned wasm-bindgen tools. The first argument names one:
//! `wasm-bindgen` (glue for a wasm file) or `test-runner` (runs wasm-bindgen-test in Node.js or a browser).

use std::{env, ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let result = match args.first().and_then(|name| name.to_str()) {
        Some("wasm-bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args.drain(..)),
        Some("test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args.drain(..)),
        _ => {
            eprintln!("usage: tools wasm-bindgen … | tools test-runner …");
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
