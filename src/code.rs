//! What a response code means for the payment.
//!
//! `response_code` is five digits: two of `status`, three of a message. The table below is all that is known of the
//! statuses (FACTS: status table of `transactioncodes`); a further operation is a further row.

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took place.
    Succeeded,
    /// It was tried and did not take place.
    Failed,
    /// The customer has to be sent to the 3-D Secure page.
    ActionRequired,
    /// Its end is not known yet; a notification will tell.
    Pending,
    /// It may or may not have taken place; `CHECK_STATUS` may tell.
    Uncertain,
    /// The request was refused: nothing was tried.
    Rejected,
}

impl Outcome {
    /// The stable name of the outcome.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::ActionRequired => "action_required",
            Self::Pending => "pending",
            Self::Uncertain => "uncertain",
            Self::Rejected => "rejected",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Success,
    Failure,
    Pending,
    OnHold,
    Uncertain,
    Invalid,
    /// `CHECK_STATUS` worked: the payment is told of by `transaction_status` and `transaction_code`.
    Checked,
}

const AUTHORIZATION: &[&str] = &["AUTHORIZATION"];
const PURCHASE: &[&str] = &["PURCHASE"];
const CAPTURE: &[&str] = &["CAPTURE"];
const REFUND: &[&str] = &["REFUND"];
const VOID: &[&str] = &["VOID_AUTHORIZATION"];
const CHECKS: &[&str] = &["CHECK_STATUS", "CHECK_VERIFY_CARD_STATUS"];
const SECURE: &[&str] = &["3DS_ENROLLMENT", "3DS_AUTHENTICATION"];
const OTP: &[&str] = &["OTP_GENERATE", "GENERATE_OTP"];
const REPORTS: &[&str] = &["GENERATE_REPORT", "DOWNLOAD_REPORT", "GET_REPORT"];
/// Statuses of every operation, or of one that no source names: for the latter no command can claim the success.
const NONE: &[&str] = &[];

/// Status, kind, the commands whose success or failure it tells.
const STATUSES: &[(&str, Kind, &[&str])] = &[
    ("00", Kind::Invalid, NONE),
    ("01", Kind::Pending, NONE),
    ("02", Kind::Success, AUTHORIZATION),
    ("03", Kind::Failure, AUTHORIZATION),
    ("04", Kind::Success, CAPTURE),
    ("05", Kind::Failure, CAPTURE),
    ("06", Kind::Success, REFUND),
    ("07", Kind::Failure, REFUND),
    ("08", Kind::Success, VOID),
    ("09", Kind::Failure, VOID),
    ("10", Kind::Pending, NONE),
    // The check failed, which says nothing of the payment.
    ("11", Kind::Uncertain, CHECKS),
    ("12", Kind::Checked, CHECKS),
    ("13", Kind::Failure, PURCHASE),
    ("14", Kind::Success, PURCHASE),
    ("15", Kind::Uncertain, NONE),
    ("17", Kind::Failure, &["TOKENIZATION"]),
    ("18", Kind::Success, &["TOKENIZATION"]),
    ("19", Kind::Pending, NONE),
    ("20", Kind::OnHold, NONE),
    ("21", Kind::Failure, &["SDK_TOKEN"]),
    ("22", Kind::Success, &["SDK_TOKEN"]),
    ("23", Kind::Failure, NONE),
    ("24", Kind::Success, NONE),
    ("27", Kind::Failure, NONE),
    ("28", Kind::Success, NONE),
    ("29", Kind::Failure, NONE),
    ("30", Kind::Success, NONE),
    ("31", Kind::Failure, NONE),
    ("32", Kind::Success, NONE),
    ("40", Kind::Pending, NONE),
    ("42", Kind::Success, &["CURRENCY_CONVERSION"]),
    ("43", Kind::Failure, &["CURRENCY_CONVERSION"]),
    ("44", Kind::Success, SECURE),
    ("45", Kind::Failure, SECURE),
    ("46", Kind::Success, &["BILL_PRESENTMENT"]),
    ("47", Kind::Failure, &["BILL_PRESENTMENT"]),
    ("48", Kind::Success, &["PAYMENT_LINK"]),
    ("49", Kind::Failure, &["PAYMENT_LINK"]),
    ("50", Kind::Success, &["UPLOAD_BATCH_FILE"]),
    ("51", Kind::Failure, &["UPLOAD_BATCH_FILE"]),
    ("52", Kind::Success, &["CREATE_TOKEN"]),
    ("53", Kind::Failure, &["CREATE_TOKEN"]),
    ("54", Kind::Success, &["GET_TOKENS"]),
    ("55", Kind::Failure, &["GET_TOKENS"]),
    ("56", Kind::Success, REPORTS),
    ("57", Kind::Failure, REPORTS),
    ("58", Kind::Success, &["UPDATE_TOKEN"]),
    ("59", Kind::Failure, &["UPDATE_TOKEN"]),
    ("62", Kind::Success, &["GET_INSTALLMENTS_PLANS"]),
    ("63", Kind::Failure, &["GET_INSTALLMENTS_PLANS"]),
    ("66", Kind::Success, &["UPDATE_TOKEN"]),
    ("70", Kind::Success, &["GET_BATCH_RESULTS"]),
    ("71", Kind::Failure, &["GET_BATCH_RESULTS"]),
    ("72", Kind::Success, &["PROCESS_BATCH"]),
    ("73", Kind::Failure, &["PROCESS_BATCH"]),
    ("74", Kind::Success, NONE),
    ("75", Kind::Failure, NONE),
    ("76", Kind::Success, NONE),
    ("77", Kind::Failure, NONE),
    ("80", Kind::Success, &["VERIFY_CARD"]),
    ("81", Kind::Failure, &["VERIFY_CARD"]),
    ("88", Kind::Success, OTP),
    ("89", Kind::Failure, OTP),
    ("90", Kind::Success, &["CUSTOMER_VERIFY"]),
    ("91", Kind::Failure, &["CUSTOMER_VERIFY"]),
    ("92", Kind::Success, &["OTP_VERIFY"]),
    ("93", Kind::Failure, &["OTP_VERIFY"]),
];

/// Messages after which nobody knows, whatever the status: technical problem, duplicate order number, order already
/// processed, reference already exists, not confirmed yet, processed but not confirmed, timed out, transformation
/// errors, still processing.
const UNCERTAIN_MESSAGES: &[&str] = &["006", "007", "047", "066", "662", "777", "778", "779", "780", "781", "784"];

/// What else in a reply its outcome depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// `transaction_status`: the status of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_status: Option<&'a str>,
    /// `transaction_code`: the response code of the last operation, in the answer to `CHECK_STATUS`.
    pub transaction_code: Option<&'a str>,
    /// Whether there is a `3ds_url` to send the customer to.
    pub has_3ds_url: bool,
}

/// The status and the message of a response code; none unless it is five digits.
#[must_use]
pub fn split(response_code: &str) -> Option<(&str, &str)> {
    if response_code.len() != 5 || !crate::text::is_digits(response_code) {
        return None;
    }
    response_code.split_at_checked(2)
}

/// The outcome of a reply to `command`, whose `status` and `response_code` it holds.
///
/// Success and failure are believed only from the status that belongs to the command. What is unknown, or
/// contradicts itself, is uncertain.
#[must_use]
pub fn outcome(command: &str, status: &str, response_code: &str, facts: Facts<'_>) -> Outcome {
    let Some((kind, commands, message)) = look_up(status, response_code) else { return Outcome::Uncertain };
    match kind {
        Kind::Checked if commands.contains(&command) && message == "000" => checked(facts),
        Kind::Success | Kind::Failure if !commands.contains(&command) => Outcome::Uncertain,
        _ => by_kind(kind, facts.has_3ds_url),
    }
}

/// The outcome that a response code tells by itself, without command or reply.
///
/// 20064 is `ActionRequired`, for it always brings a `3ds_url`; a code of `CHECK_STATUS` is `Uncertain`, for it tells
/// nothing of the payment.
#[must_use]
pub fn outcome_of_code(response_code: &str) -> Outcome {
    let known = split(response_code).and_then(|(status, _)| look_up(status, response_code));
    known.map_or(Outcome::Uncertain, |(kind, _, message)| by_kind(kind, message == "064"))
}

/// The last operation, as `CHECK_STATUS` tells it. Which command that was is not told, so its status stands alone.
fn checked(facts: Facts<'_>) -> Outcome {
    let (Some(status), Some(code)) = (facts.transaction_status, facts.transaction_code) else {
        return Outcome::Uncertain;
    };
    look_up(status, code).map_or(Outcome::Uncertain, |(kind, ..)| by_kind(kind, false))
}

/// None if the two are unknown, do not belong together, or the message leaves the outcome open.
fn look_up<'c>(status: &str, response_code: &'c str) -> Option<(Kind, &'static [&'static str], &'c str)> {
    let (prefix, message) = split(response_code)?;
    if prefix != status || UNCERTAIN_MESSAGES.contains(&message) {
        return None;
    }
    let (_, kind, commands) = STATUSES.iter().find(|(known, ..)| *known == status)?;
    Some((*kind, commands, message))
}

const fn by_kind(kind: Kind, has_3ds_url: bool) -> Outcome {
    match kind {
        Kind::Success => Outcome::Succeeded,
        Kind::Failure => Outcome::Failed,
        Kind::OnHold if has_3ds_url => Outcome::ActionRequired,
        Kind::OnHold | Kind::Pending => Outcome::Pending,
        Kind::Uncertain | Kind::Checked => Outcome::Uncertain,
        Kind::Invalid => Outcome::Rejected,
    }
}
