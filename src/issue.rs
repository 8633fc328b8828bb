//! What can be wrong with a parameter, for programs and people.

#[cfg(not(page))]
mod cause;

use crate::message::flat::{Fields, push_field};
use crate::text::{cut, line, push_ascii, push_u64};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Deref;

/// Whether an issue stops a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// APS is known to reject it, or money would be at risk.
    Error,
    /// Only documented, inferred or in conflict between sources.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The language of a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Arabic.
    Ar,
}

impl Language {
    /// Reads APS's `en` and `ar`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Self::En),
            "ar" => Some(Self::Ar),
            _ => None,
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $doc:literal $en:literal $ar:literal)*) => {
        /// What is wrong. The names are stable; new ones may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            // Three lines per code: names, then English, then Arabic, since similar text compresses best together. One text,
            // since a table of texts is mostly addresses. `{}` stands for the parameter, `{fact}` for a fact of the issue.
            const LINES: &'static str = concat!($($name, "\n",)* $($en, "\n",)* $($ar, "\n",)*);
        }
    };
}

codes! {
    Missing "missing" "A required parameter is absent or empty."
        "{} is required." "{} مطلوب."
    Unknown "unknown" "The command has no such parameter."
        "{} is not a parameter of this command." "{} ليس من معاملات هذا الأمر."
    UnknownCommand "unknown_command" "No such command."
        "There is no such command." "لا يوجد أمر بهذا الاسم."
    TooLong "too_long" "More characters than APS takes."
        "{} is too long: {max} characters at most." "{} أطول مما يُسمح به: {max} من المحارف على الأكثر."
    TooShort "too_short" "Fewer characters than needed."
        "{} is too short: at least {min} are needed." "{} أقصر مما يلزم: {min} على الأقل."
    BadCharacter "bad_character" "A character APS does not list for the parameter."
        "{} has a character at position {position} that APS does not list for it."
        "يحتوي {} في الموضع {position} على محرف لا تقبله APS."
    BadFormat "bad_format" "Not in the form the parameter needs."
        "{} must be {expected}." "صيغة {} غير صحيحة."
    BadChecksum "bad_checksum" "A card number whose check digit is wrong."
        "{} has a mistyped digit." "في {} رقم مكتوب خطأ."
    NotAllowed "not_allowed" "A value or a parameter that does not go here."
        "{} is not allowed here." "{} غير مسموح به هنا."
    NotAnAmount "not_an_amount" "Not an exact amount of the currency."
        "{} must be an exact amount: ASCII digits, with no more decimals than the currency has."
        "يجب أن يكون {} مبلغًا دقيقًا بأرقام لاتينية ودون خانات عشرية زائدة على ما تسمح به العملة."
    ZeroAmount "zero_amount" "An amount of zero."
        "{} must be more than zero." "يجب أن يكون {} أكبر من صفر."
    BadCurrency "bad_currency" "Not an active ISO 4217 currency in capital letters."
        "{} must be an active ISO 4217 currency code, such as AED."
        "يجب أن يكون {} رمز عملة ساريًا وفق ISO 4217، مثل AED."
    Expired "expired" "A card whose expiry month is over."
        "{} is in the past." "{} منتهي الصلاحية."
    PurchaseOnly "purchase_only" "A way to pay that only PURCHASE takes."
        "{} goes with PURCHASE only." "{} لا يصلح إلا مع أمر الشراء PURCHASE."
    VisaLastDigit "visa_last_digit" "A VISA amount in a three-decimal currency that does not end in 0."
        "{} should end in 0: VISA declines three-decimal amounts that do not."
        "ينبغي أن ينتهي {} بالرقم 0، فقد ترفض VISA المبالغ ذات الخانات العشرية الثلاث إن لم تنته به."
    ReservedText "reserved_text" "Text that could be cut up into another message with the same signature."
        "{} may not hold “{text}”: a signed message that holds it could be read in two ways."
        "لا يجوز أن يحتوي {} على «{text}»، إذ يمكن حينها قراءة الرسالة الموقعة على وجهين."
    Conflict "conflict" "It contradicts another parameter, the account or the payment."
        "{} contradicts {with}." "{} يتعارض مع {with}."
    ExceedsAuthorized "exceeds_authorized" "More than is left of the authorization."
        "{} is more than is left to capture." "{} أكبر من المبلغ المتبقي للتحصيل."
    ExceedsCaptured "exceeds_captured" "More than is left of what was captured."
        "{} is more than is left to refund." "{} أكبر من المبلغ المتبقي للاسترداد."
    AlreadyCaptured "already_captured" "Something was captured already."
        "The payment was captured already." "تم تحصيل الدفعة من قبل."
    AlreadyVoided "already_voided" "The authorization was voided."
        "The authorization was voided." "أُلغي التفويض."
    Lapsed "lapsed" "The authorization ran out."
        "The authorization has lapsed." "انتهت مدة التفويض."
    NotCaptured "not_captured" "Nothing was captured."
        "Nothing was captured yet." "لم يُحصَّل أي مبلغ بعد."
    NotAuthorized "not_authorized" "There is no authorization."
        "There is no authorization to act on." "لا يوجد تفويض لتنفيذ العملية عليه."
    CurrencyMismatch "currency_mismatch" "Another currency than the payment's."
        "{} is not in the currency of the payment." "{} ليس بعملة الدفعة."
}

impl Code {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.line(0)
    }

    /// The code with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Whether it says what a payment forbids, rather than what is wrong with the parameters themselves.
    #[must_use]
    pub const fn is_of_life_cycle(self) -> bool {
        matches!(
            self,
            Self::ExceedsAuthorized
                | Self::ExceedsCaptured
                | Self::AlreadyCaptured
                | Self::AlreadyVoided
                | Self::Lapsed
                | Self::NotCaptured
                | Self::NotAuthorized
                | Self::CurrencyMismatch
        )
    }

    #[inline(never)]
    fn line(self, which: usize) -> &'static str {
        line(Self::LINES, which.wrapping_mul(Self::ALL.len()).wrapping_add(self as usize))
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue<'a> {
    /// The parameter, or the path to a nested one (`products[0].product_name`).
    pub parameter: &'a str,
    /// What is wrong.
    pub code: Code,
    /// Whether it stops the request.
    pub severity: Severity,
    /// The source of the rule.
    pub source: &'static str,
    // Alternating names and values, as fields. The name of a number begins with `#`.
    facts: String,
}

impl Issue<'_> {
    /// A detail; empty if there is no such detail. Never a card number, security code or secret.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        let mut facts = Fields::new(&self.facts);
        while !facts.is_empty() {
            let (own, value) = (facts.text(), facts.text());
            if cut(own, '#').map_or(own, |(_, number)| number) == name {
                return value;
            }
        }
        ""
    }

    /// The sentence, with placeholders for facts: that of the cause, if the facts identify one.
    fn sentence(&self, language: Language) -> &'static str {
        #[cfg(not(page))]
        if let Some(cause) = cause::find(self.code, |name| !self.fact(name).is_empty()) {
            return cause.sentence(language);
        }
        self.code.line(if language == Language::En { 1 } else { 2 })
    }

    /// Appends the sentence for people. The only values it repeats are short amounts, names of currencies, and numbers that
    /// are not secret.
    pub fn push_message(&self, out: &mut String, language: Language) {
        let mut left = self.sentence(language);
        while let Some((before, rest)) = cut(left, '{') {
            out.push_str(before);
            let (name, after) = cut(rest, '}').unwrap_or_default();
            let value = if name.is_empty() { self.parameter } else { self.fact(name) };
            #[cfg(not(page))]
            let value = if language == Language::Ar && name == "expected" { cause::in_arabic(value) } else { value };
            out.push_str(value);
            left = after;
        }
        out.push_str(left);
    }

    /// Appends the issue as fields, ended by U+0001: parameter, code, severity, sentence, source, facts.
    pub fn push_fields(&self, out: &mut String, language: Language) {
        push_field(out, self.parameter);
        push_field(out, self.code.name());
        push_field(out, self.severity.name());
        self.push_message(out, language);
        push_ascii(out, 0);
        push_field(out, self.source);
        out.push_str(&self.facts);
        push_ascii(out, 1);
    }
}

/// The issues found so far. Dereferences to a slice of issues.
///
/// Nothing here is inlined: reporting an issue takes a call or two, and there are hundreds of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issues<'a> {
    list: Vec<Issue<'a>>,
    source: &'static str,
}

impl<'a> Deref for Issues<'a> {
    type Target = [Issue<'a>];

    fn deref(&self) -> &[Issue<'a>] {
        &self.list
    }
}

impl<'a> Issues<'a> {
    /// No issues yet; the first ones come from `source`.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { list: Vec::new(), source }
    }

    /// Sets the source of the issues that follow.
    pub const fn by(&mut self, source: &'static str) -> &mut Self {
        self.source = source;
        self
    }

    /// Adds an issue that stops the request.
    #[inline(never)]
    pub fn error(&mut self, parameter: &'a str, code: Code) -> &mut Self {
        self.list.push(Issue { parameter, code, severity: Severity::Error, source: self.source, facts: String::new() });
        self
    }

    /// Sets the severity of the last issue.
    pub fn of(&mut self, severity: Severity) -> &mut Self {
        if let Some(issue) = self.list.last_mut() {
            issue.severity = severity;
        }
        self
    }

    /// Adds a detail to the last issue.
    #[inline(never)]
    pub fn with(&mut self, name: &'static str, text: &str) -> &mut Self {
        if let Some(issue) = self.list.last_mut() {
            push_field(&mut issue.facts, name);
            push_field(&mut issue.facts, text);
        }
        self
    }

    /// Adds a number to the last issue; its name begins with `#`.
    #[inline(never)]
    pub fn with_number(&mut self, name: &'static str, number: u64) -> &mut Self {
        let mut digits = String::new();
        push_u64(&mut digits, number);
        self.with(name, &digits)
    }

    /// Adds a `bad_format`.
    #[inline(never)]
    pub fn expected(&mut self, parameter: &'a str, expected: &str) {
        self.error(parameter, Code::BadFormat).with("expected", expected);
    }

    /// Adds a `conflict`.
    #[inline(never)]
    pub fn conflict(&mut self, parameter: &'a str, with: &str) {
        self.error(parameter, Code::Conflict).with("with", with);
    }

    /// Adds an issue about a number greater than `max`.
    #[inline(never)]
    pub fn above(&mut self, parameter: &'a str, code: Code, max: u64) {
        self.error(parameter, code).with_number("#max", max);
    }

    /// Appends other issues.
    pub fn append(&mut self, mut others: Self) {
        self.list.append(&mut others.list);
    }

    /// Whether any of the issues stops the request.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.list.iter().any(|issue| issue.severity == Severity::Error)
    }

    /// All of them as fields, one after another.
    #[inline(never)]
    pub fn push_fields(&self, out: &mut String, language: Language) {
        for issue in &self.list {
            issue.push_fields(out, language);
        }
    }
}
