//! Generates files from the crate's tables: the JavaScript data, the dictionary as JSON, the TypeScript types and the
//! reference page.
//!
//! ```text
//! cargo run --features reference --bin generate -- --out pkg/generated --docs docs [--check]
//! ```
//!
//! `--check` writes nothing; it lists every file that is out of date, and fails if there is one.

#![allow(clippy::format_push_string, reason = "plain beats fast here, and writing to a String cannot fail")]

#[path = "../generate/mod.rs"]
mod generate;

use generate::model::Model;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Default)]
struct Arguments {
    out: Option<PathBuf>,
    docs: Option<PathBuf>,
    check: bool,
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut arguments = Self::default();
        while let Some(argument) = given.next() {
            let mut folder = || given.next().map(PathBuf::from).ok_or_else(|| "a folder is missing".to_owned());
            match argument.to_str() {
                Some("--out") => arguments.out = Some(folder()?),
                Some("--docs") => arguments.docs = Some(folder()?),
                Some("--check") => arguments.check = true,
                _ => return Err(format!("unknown argument {}", argument.display())),
            }
        }
        if arguments.out.is_none() && arguments.docs.is_none() {
            return Err("give --out or --docs".to_owned());
        }
        Ok(arguments)
    }

    /// The command that writes the checked files.
    fn refresh(&self) -> String {
        let mut command = "cargo run --features reference --bin generate --".to_owned();
        for (name, folder) in [("--out", &self.out), ("--docs", &self.docs)] {
            if let Some(folder) = folder {
                command = format!("{command} {name} {}", folder.display());
            }
        }
        command
    }

    fn files(&self, model: &Model) -> Vec<(PathBuf, String)> {
        let inside = |folder: &Option<PathBuf>, files: Vec<(&str, String)>| {
            let placed = files.into_iter().filter_map(|(name, text)| Some((folder.as_ref()?.join(name), text)));
            placed.collect::<Vec<_>>()
        };
        let mut files = inside(&self.out, generate::data(model));
        files.extend(inside(&self.docs, generate::docs(model)));
        files
    }
}

/// Writes a file only if its content changes, so that its modification time is kept otherwise.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("generate: {problem}");
            return ExitCode::from(2);
        }
    };
    let mut fine = true;
    let model = match Model::read(include_str!("../dictionary/dictionary.toml")) {
        Ok(model) => model,
        Err(problems) => {
            eprintln!("src/dictionary/dictionary.toml:\n{problems}");
            return ExitCode::FAILURE;
        }
    };
    for (path, text) in arguments.files(&model) {
        if !arguments.check {
            if let Err(problem) = write(&path, &text) {
                eprintln!("generate: {}: {problem}", path.display());
                fine = false;
            }
        } else if !fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            eprintln!("{} is stale. Refresh it with:\n  {}", path.display(), arguments.refresh());
            fine = false;
        }
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
