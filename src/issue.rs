//! What can be wrong with a parameter, said so that a program and a person understand it.

use crate::text::push_u64;
use alloc::string::String;
use alloc::vec::Vec;

/// Whether a thing stops a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// APS is known to refuse it, or money would go wrong.
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
        /// What is wrong. The names are stable; new ones may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $doc] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            // `{}` stands for the parameter, `{fact}` for a fact of the issue.
            const fn sentences(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($en, $ar),)* }
            }
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
        "{} may have at most {max} characters." "يجب ألا يزيد {} على {max} من المحارف."
    TooShort "too_short" "Fewer characters than needed."
        "{} needs at least {min} characters." "يجب ألا يقل {} عن {min} من المحارف."
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
        "{} is more than is left to refund." "{} أكبر من المبلغ المتبقي للرد."
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

/// A detail of an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Text. Never a card number, security code or secret.
    Text(String),
    /// A count, a position from 1, or an amount in minor units.
    Number(u64),
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The parameter, or the path to a nested one (`products[0].product_name`).
    pub parameter: String,
    /// What is wrong.
    pub code: Code,
    /// Whether it stops the request.
    pub severity: Severity,
    /// Where the rule comes from.
    pub source: &'static str,
    /// Details, by name.
    pub facts: Vec<(&'static str, Fact)>,
}

impl Issue {
    /// An issue that stops the request.
    #[must_use]
    pub fn error(parameter: &str, code: Code, source: &'static str) -> Self {
        Self { parameter: parameter.into(), code, severity: Severity::Error, source, facts: Vec::new() }
    }

    /// An issue worth knowing.
    #[must_use]
    pub fn warning(parameter: &str, code: Code, source: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(parameter, code, source) }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Self {
        self.facts.push((name, fact.into()));
        self
    }

    /// The sentence for a person. It never repeats the value.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let (en, ar) = self.code.sentences();
        let mut left = match language {
            Language::En => en,
            Language::Ar => ar,
        };
        let mut out = String::with_capacity(left.len() + self.parameter.len());
        while let Some((before, rest)) = left.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = rest.split_once('}') else { break };
            if name.is_empty() {
                out.push_str(&self.parameter);
            } else {
                match self.facts.iter().find(|(own, _)| *own == name) {
                    Some((_, Fact::Text(text))) => out.push_str(text),
                    Some((_, Fact::Number(number))) => push_u64(&mut out, *number),
                    None => {}
                }
            }
            left = after;
        }
        out.push_str(left);
        out
    }
}

/// The issues in the order of their parameters; those of one parameter stay as they were found.
///
/// A plain insertion sort: they are few, and core's sort weighs kilobytes.
#[must_use]
pub fn sorted(issues: Vec<Issue>) -> Vec<Issue> {
    let mut sorted: Vec<Issue> = Vec::with_capacity(issues.len());
    for issue in issues {
        let place = sorted.partition_point(|before| before.parameter <= issue.parameter);
        sorted.insert(place, issue);
    }
    sorted
}

/// Whether any of the issues stops the request.
#[must_use]
pub fn has_error(issues: &[Issue]) -> bool {
    issues.iter().any(|issue| issue.severity == Severity::Error)
}
