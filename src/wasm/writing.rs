//! Issues as JSON text: the one shape in which JavaScript sees them.

use crate::issue::{Fact, Issue, Language};
use crate::writer::Writer;
use alloc::string::String;

/// A JSON list of issues; empty text when there are none, which JavaScript tells without parsing.
pub(super) fn issues(issues: &[Issue], language: Language) -> String {
    let mut writer = Writer::new();
    if !issues.is_empty() {
        push_issues(&mut writer, issues, language);
    }
    writer.finish()
}

/// The list itself, as part of something larger.
pub(super) fn push_issues(writer: &mut Writer, issues: &[Issue], language: Language) {
    writer.begin_list();
    for issue in issues {
        writer.begin_object();
        writer.member("parameter", &issue.parameter);
        writer.member("code", issue.code.name());
        writer.member("severity", issue.severity.name());
        writer.member("message", &issue.message(language));
        writer.member("source", issue.source);
        for (name, fact) in &issue.facts {
            match fact {
                Fact::Text(text) => writer.member(name, text),
                Fact::Number(number) => {
                    writer.name(name);
                    writer.number(*number);
                }
            }
        }
        writer.end_object();
    }
    writer.end_list();
}
