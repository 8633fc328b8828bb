//! Issues as JSON text: the one shape in which JavaScript sees them.

use crate::issue::{Fact, Issue, Language};
use crate::json::Writer;
use alloc::string::String;

/// A JSON list of issues; empty text when there are none, which JavaScript tells without parsing.
pub(super) fn issues(issues: &[Issue], language: Language) -> String {
    let mut writer = Writer::default();
    if !issues.is_empty() {
        push_issues(&mut writer, issues, language);
    }
    writer.finish()
}

/// The list itself, as part of something larger.
pub(super) fn push_issues(writer: &mut Writer, issues: &[Issue], language: Language) {
    writer.begin_list();
    for issue in issues {
        let message = issue.message(language);
        writer.begin_object();
        for (name, text) in [
            ("parameter", issue.parameter.as_str()),
            ("code", issue.code.name()),
            ("severity", issue.severity.name()),
            ("message", message.as_str()),
            ("source", issue.source),
        ] {
            writer.name(name);
            writer.string(text);
        }
        for (name, fact) in &issue.facts {
            writer.name(name);
            match fact {
                Fact::Text(text) => writer.string(text),
                Fact::Number(number) => writer.number(*number),
            }
        }
        writer.end_object();
    }
    writer.end_list();
}
