//! The files that are generated. Each is a function from the crate's tables to text.

mod data;
mod dictionary;
mod quote;
mod reference;
mod types;

/// What JavaScript imports.
pub(crate) fn data() -> Vec<(&'static str, String)> {
    vec![
        ("codes.js", data::codes()),
        ("currency-names.js", data::currencies()),
        ("fields.js", data::fields()),
        ("dictionary.json", dictionary::json()),
        ("commands.d.ts", types::commands()),
    ]
}

/// What people read.
pub(crate) fn docs() -> Vec<(&'static str, String)> {
    vec![("reference.md", reference::page())]
}
