//! Sentences for causes: where the facts of an issue reveal the cause, its sentence names it and the remedy. For developers;
//! a page has its own sentences for shoppers and leaves these out.

use super::{Code, Language};
use crate::text::cut;

/// A sentence for one cause of a code.
pub(crate) struct Cause {
    code: Code,
    en: &'static str,
    ar: &'static str,
}

impl Cause {
    pub(crate) const fn sentence(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ar => self.ar,
        }
    }

    /// Whether every fact that the sentence mentions is present.
    fn fits(&self, has: impl Fn(&str) -> bool) -> bool {
        let mut left = self.en;
        while let Some((_, rest)) = cut(left, '{') {
            let (name, after) = cut(rest, '}').unwrap_or_default();
            if !(name.is_empty() || has(name)) {
                return false;
            }
            left = after;
        }
        true
    }
}

/// The cause that the facts identify.
pub(crate) fn find(code: Code, has: impl Fn(&str) -> bool) -> Option<&'static Cause> {
    CAUSES.iter().find(|cause| cause.code == code && cause.fits(&has))
}

macro_rules! causes {
    ($($code:ident $en:literal $ar:literal)*) => {
        &[$(Cause { code: Code::$code, en: $en, ar: $ar },)*]
    };
}

// Within a code, causes with more facts come first.
static CAUSES: &[Cause] = causes! {
    UnknownCommand
        "There is no such command: write {meant}."
        "لا يوجد أمر بهذا الاسم، اكتب {meant}."
    UnknownCommand
        "There is no such command: it must be one of {allowed}."
        "لا يوجد أمر بهذا الاسم، والمتاح هنا: {allowed}."
    UnknownCommand
        "There is no such command: give APS's own name, such as {suggested}."
        "لا يوجد أمر بهذا الاسم، اكتب اسمه كما تكتبه APS، مثل {suggested}."
    BadCharacter
        "{} has an invisible character at position {position} ({character}): remove it."
        "يحتوي {} في الموضع {position} على محرف غير مرئي ({character})، احذفه."
    BadCharacter
        "{} has a character at position {position} that APS does not list for it: it must be {expected}."
        "يحتوي {} في الموضع {position} على محرف لا تقبله APS، والمطلوب: {expected}."
    TooLong
        "{} is too long: it must be {expected}."
        "‏{} أطول مما يُسمح به، والمطلوب: {expected}."
    TooShort
        "{} is too short: it must be {expected}."
        "‏{} أقصر مما يلزم، والمطلوب: {expected}."
    BadCurrency
        "{given} is not an active ISO 4217 currency code: write {meant}."
        "‏{given} ليس رمز عملة ساريًا وفق ISO 4217، اكتب {meant}."
    BadCurrency
        "{given} is not an active ISO 4217 currency code."
        "‏{given} ليس رمز عملة ساريًا وفق ISO 4217."
    BadCurrency
        "There is no currency: give an active ISO 4217 code, such as {suggested}."
        "العملة غير مذكورة، اكتب رمز عملة ساريًا وفق ISO 4217، مثل {suggested}."
    BadFormat
        "{} must be {expected}."
        "صيغة {} غير صحيحة، والمطلوب: {expected}."
    BadFormat
        "{number} is beyond what a JavaScript number holds: give it as a string."
        "‏{number} أكبر مما يتسع له العدد في JavaScript، مرّره نصًا."
    Missing
        "{} is required, unless one of these is given: {alternatives}."
        "مطلوب {} أو أحد المعاملات التالية بدلًا منه: {alternatives}."
    Missing
        "{} is required with {with}."
        "{} مطلوب مع {with}."
    NotAllowed
        "{} is a card of {brand}: {allowed} are taken here."
        "{} لبطاقة {brand}، والمقبول هنا {allowed}."
    NotAllowed
        "{} must be one of {allowed}, because of {with}."
        "يجب أن يكون {} إحدى القيم التالية بسبب {with}: {allowed}."
    NotAllowed
        "{} must be one of {allowed}."
        "يجب أن يكون {} إحدى القيم التالية: {allowed}."
    NotAllowed
        "{} does not go with {with}."
        "لا يصلح {} مع {with}."
    NotAllowed
        "{} is added by {sender}: leave it out."
        "يضيف متصفح العميل {}، لا ترسله."
    NotAllowed
        "{} goes with {endpoint} only: leave it out of the form."
        "لا يُرسل {} إلا إلى واجهة الدفع البرمجية، احذفه من النموذج."
    NotAllowed
        "{} must be {expected}."
        "قيمة {} غير مقبولة، والمطلوب: {expected}."
    NotAnAmount
        "{given} looks like a decimal amount: give Amount.parse('{decimal}', '{currency}'), or minor units as digits: '{minor}'."
        "يبدو {given} مبلغًا عشريًا، مرّر Amount.parse('{decimal}', '{currency}') أو الوحدات الصغرى بالأرقام: '{minor}'."
    NotAnAmount
        "{given} looks like a decimal amount: give Amount.parse('{decimal}', currency), or minor units as digits."
        "يبدو {given} مبلغًا عشريًا، مرّر Amount.parse('{decimal}', currency) أو الوحدات الصغرى بالأرقام."
    NotAnAmount
        "{excess} has too many decimals: {currency} has {decimals}."
        "عدد الخانات العشرية في {excess} أكثر مما للعملة {currency}، وهو {decimals}."
    NotAnAmount
        "{written} is not decimal text: write '{decimal}'."
        "‏{written} ليس مبلغًا عشريًا مكتوبًا كما ينبغي، اكتب '{decimal}'."
    NotAnAmount
        "{} must be text, not of type {type}: '49.99' for Amount.parse, '4999' for Amount.fromMinor."
        "يجب أن يكون {} نصًا لا من النوع {type}: '49.99' في Amount.parse و'4999' في Amount.fromMinor."
    NotAnAmount
        "{} is empty: give decimal text, such as '{suggested}'."
        "‏{} فارغ، اكتب مبلغًا مثل '{suggested}'."
    NotAnAmount
        "{} begins with 0: give minor units without it, '{trimmed}'."
        "يبدأ {} بالرقم 0، اكتب الوحدات الصغرى من دونه: '{trimmed}'."
    NotAnAmount
        "{} must be {expected}."
        "ليس {} مبلغًا صحيحًا، والمطلوب: {expected}."
};

/// What is expected, in Arabic, by the beginning of the English. Of anything else the English is repeated.
#[rustfmt::skip]
static FORMS: &[(&str, &str)] = &[
    ("YYMM", "شهر حقيقي بالصيغة YYMM"),
    ("4 digits", "4 أرقام"),
    ("3 digits", "3 أرقام"),
    ("an e-mail address", "عنوان بريد إلكتروني مثل name@example.com"),
    ("YYYY-MM-DD", "يوم حقيقي بالصيغة YYYY-MM-DD"),
    ("one IPv4", "عنوان IPv4 أو IPv6 واحد دون منفذ، مثل 192.0.2.1 أو 2001:db8::1"),
    ("a real time", "وقت حقيقي مع فرقه عن UTC، مثل 2030-12-20T15:36:55+03:00"),
    ("an absolute URL", "عنوان URL كامل فيه اسم مضيف، مثل https://shop.example/return"),
    ("an https URL", "عنوان URL يبدأ بـ https"),
    ("without a fragment", "عنوان بلا جزء بعد #، فلا متصفح يرسله إلى خادم"),
    ("complete:", "رقم كامل: فيه رقم ناقص أو زائد"),
    ("text, a whole number", "نص أو عدد صحيح أو كائن بسيط أو قائمة"),
    ("text", "نص"),
    ("a list", "قائمة"),
    ("an object", "كائن"),
    ("a plain object", "كائن بسيط"),
    ("at most 16 levels", "16 مستوى على الأكثر"),
    ("a member of its own", "عضو خاص بالكائن لا موروث"),
    ("a value, not an accessor", "قيمة لا دالة وصول (accessor)"),
    ("a parameter of APS", "أحد معاملات APS"),
    ("an Amount, or minor units", "كائن Amount، أو الوحدات الصغرى نصًا من أرقام أو bigint، فالعدد وحده لا يبيّن الوحدة"),
    ("minor units", "الوحدات الصغرى بأرقام لاتينية وحدها، مثل 4999"),
    ("a string: the number", "نص، فالعدد أكبر مما تتسع له JavaScript"),
    ("a whole number of days", "عدد صحيح من الأيام من 1 إلى 365"),
    ("an instant", "لحظة بالمللي ثانية منذ 1970"),
    ("a name that APS uses", "اسم تستخدمه APS، من حروف لاتينية وأرقام و _"),
];

/// What is expected, in Arabic.
pub(crate) fn in_arabic(expected: &str) -> &str {
    FORMS.iter().find(|(begin, _)| expected.starts_with(begin)).map_or(expected, |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::{CAUSES, Cause, find};
    use crate::issue::Code;
    use crate::text::cut;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut left = text;
        while let Some((_, rest)) = cut(left, '{') {
            let (name, after) = cut(rest, '}').unwrap();
            found.insert(name);
            left = after;
        }
        found
    }

    #[test]
    fn each_cause_can_be_told_by_its_facts_alone() {
        for (index, Cause { code, en, ar }) in CAUSES.iter().enumerate() {
            let facts = places(en);
            assert!(places(ar).is_subset(&facts), "{ar}");
            let found = find(*code, |name| facts.contains(name)).unwrap();
            assert!(std::ptr::eq(found, &raw const CAUSES[index]), "{en} is never said");
        }
        assert!(find(Code::Missing, |_| false).is_none());
    }
}
