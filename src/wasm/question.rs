//! The input of a check: the same fields for `validate` and for `build`.

use crate::amount::MAX_MINOR;
use crate::currency::Currency;
#[cfg(not(page))]
use crate::dictionary::Command;
use crate::dictionary::Plan;
use crate::dictionary::check::{Given, Options, check, push_refused};
use crate::dictionary::given;
use crate::issue::{Code, Issues, Language};
use crate::message::flat::Fields;
use crate::payment::{Operation, Payment};
use crate::text::{read_i64, read_u64};
#[cfg(not(page))]
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn read_language(name: &str) -> Language {
    Language::from_name(name).unwrap_or_default()
}

/// A command and its parameters, with everything they are checked against.
pub(super) struct Question<'a> {
    #[cfg(not(page))]
    command: &'a str,
    plan: Option<&'static Plan>,
    page: bool,
    pub(super) supplied: Vec<&'a str>,
    pub(super) language: Language,
    at: Option<i64>,
    refused: Vec<&'a str>,
    allow: Vec<&'a str>,
    life_at: Option<i64>,
    payment: Option<Payment<'a>>,
    params: Vec<Given<'a>>,
    /// How many of them are sent; the call supplies the others.
    #[cfg(feature = "signature")]
    sent: usize,
}

impl<'a> Question<'a> {
    /// Fields: command; `1` for a form of the payment page; the list of what the account supplies; the language of sentences;
    /// the instant for expiry dates; the list of what was already rejected and that of parameters to allow; the instant for
    /// the life cycle and the fields of the payment, or an empty one; the parameters that are sent and, after an end mark,
    /// those that the call supplies.
    ///
    /// Problems with the payment itself are returned separately.
    pub(super) fn read(fields: &mut Fields<'a>) -> (Self, Issues<'a>) {
        let command = fields.text();
        let plan = Plan::find(command);
        let page = fields.text() == "1";
        let supplied = fields.list();
        let language = read_language(fields.text());
        let at = read_i64(fields.text());
        let (refused, allow) = (fields.list(), fields.list());
        let life_at = read_i64(fields.text());
        let (payment, doubts) = match life_at.map(|_| Payment::read_fields(fields)) {
            Some(Ok(payment)) => (Some(payment), Issues::default()),
            Some(Err(doubts)) => (None, doubts),
            None => (None, Issues::default()),
        };
        let mut params = given::read(fields);
        #[cfg(feature = "signature")]
        let sent = params.len();
        if !fields.is_empty() {
            params.append(&mut given::read(fields));
        }
        let question = Self {
            #[cfg(not(page))]
            command,
            plan,
            page,
            supplied,
            language,
            at,
            refused,
            allow,
            life_at,
            payment,
            params,
            #[cfg(feature = "signature")]
            sent,
        };
        (question, doubts)
    }

    /// The parameters that are sent, structures without their parts.
    #[cfg(feature = "signature")]
    pub(super) fn sent(&self) -> impl Iterator<Item = &Given<'a>> {
        self.params.iter().take(self.sent).filter(|given| !given.is_part)
    }

    pub(super) fn options(&self) -> Options<'_> {
        let paid_by = self.payment.as_ref().and_then(Payment::payment_option).unwrap_or_default();
        Options { at: self.at, allow: &self.allow, supplied: &self.supplied, page: self.page, paid_by }
    }

    /// All issues: first what was already rejected, one each; last the doubts about the payment, or what it forbids.
    pub(super) fn issues<'q>(&'q self, options: &'q Options<'q>, doubts: Issues<'q>) -> Issues<'q> {
        let mut issues = Issues::default();
        push_refused(&mut issues, &self.refused);
        let Some(plan) = self.plan else {
            issues.by("DOC all tables").error("command", Code::UnknownCommand);
            #[cfg(not(page))]
            match guess_command(self.command) {
                Some(name) => issues.with("meant", name),
                None => issues.with("suggested", "CAPTURE"),
            };
            return issues;
        };
        check(plan, &self.params, options, &mut issues);
        issues.append(doubts);
        if let (Some(payment), Some(at)) = (&self.payment, self.life_at) {
            let text = |name| self.params.iter().find(|given| given.name == name).map_or("", |given| given.value);
            // An invalid currency or amount already has its issue.
            let currency = Currency::from_code(text("currency"));
            let minor = read_u64(text("amount")).filter(|minor| currency.is_some() && (1..=MAX_MINOR).contains(minor));
            issues.append(payment.issues(Operation { command: plan.command.name, minor, currency, at }));
        }
        issues
    }
}

/// The one command that a name in another spelling stands for: `capture`, `void`, `check-status`.
#[cfg(not(page))]
fn guess_command(name: &str) -> Option<&'static str> {
    let spell = |letter: char| if matches!(letter, ' ' | '-') { '_' } else { letter.to_ascii_uppercase() };
    let written: String = name.trim().chars().map(spell).collect();
    let begin = written.strip_suffix('E').unwrap_or(&written);
    let mut found = Command::all().map(|own| own.name).filter(|own| begin.len() >= 4 && own.starts_with(begin));
    found.next().filter(|_| found.next().is_none())
}
