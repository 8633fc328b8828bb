//! What the fuzzer has kept (`npm run fuzz`), played again.

use std::fs::read_to_string;
use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, clippy::pedantic, clippy::restriction, reason = "it is a crate of its own")]
mod targets;

/// The inputs in a file of the corpus: a line each, a JSON string whose characters are bytes.
fn inputs(name: &str) -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(format!("{name}.jsonl"));
    let text = read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = |line: &str| {
        let input: String = serde_json::from_str(line).expect("a line is a JSON string");
        input.chars().map(|character| u8::try_from(character).expect("a character is a byte")).collect()
    };
    text.lines().map(bytes).collect()
}

fn replay(name: &str, target: fn(&[u8])) {
    let inputs = inputs(name);
    assert!(inputs.len() >= 50, "only {} inputs are kept for {name}", inputs.len());
    for input in inputs {
        target(&input);
    }
}

#[test]
fn json() {
    replay("json", targets::json);
}

#[test]
fn form() {
    replay("form", targets::form);
}

#[test]
fn open() {
    replay("open", targets::open);
}

#[test]
fn validate() {
    replay("validate", targets::validate);
}

#[test]
fn explain() {
    replay("explain", targets::explain);
}
