//! The files that are generated. Each is a function from the crate's tables to text.

mod data;
mod dictionary;
pub(crate) mod model;
mod quote;
mod reference;
mod types;

use model::Model;

/// What JavaScript imports.
pub(crate) fn data(model: &Model) -> Vec<(&'static str, String)> {
    vec![
        ("codes.js", data::codes()),
        ("currency-names.js", data::currencies()),
        ("fields.js", data::fields()),
        ("methods.js", data::methods(model)),
        ("parameters.js", data::parameters(model)),
        ("dictionary.json", dictionary::json(model)),
        ("commands.d.ts", types::commands(model)),
    ]
}

/// The reference for readers.
pub(crate) fn docs(model: &Model) -> Vec<(&'static str, String)> {
    vec![("reference.md", reference::page(model))]
}
