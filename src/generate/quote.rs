//! Quotes text for JSON, JavaScript and Markdown.

/// A JSON string, which is also a JavaScript string.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A single-quoted JavaScript string, for types.
pub(crate) fn single(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A cell of a Markdown table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Code in a Markdown table: fenced by one more backquote than it contains.
pub(crate) fn code(text: &str) -> String {
    let inside = cell(text);
    if inside.contains('`') { format!("`` {inside} ``") } else { format!("`{inside}`") }
}
