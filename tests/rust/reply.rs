//! Replies and notifications: what is believed, what is refused, and what it means.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use aps_payops::message::ReadError;
use aps_payops::message::json::read_params;
use aps_payops::message::value::{Params, Value};
use aps_payops::message::writer::Writer;
use aps_payops::reply::code::{Facts, Outcome, outcome, outcome_of_code};
use aps_payops::reply::{Checks, Credentials, DECIDING, Reply, ReplyError, expected_of, open};
use aps_payops::signature::canonical::canonical;
use aps_payops::signature::{Digest, Phrase, sign};
use aps_payops::text::words;
use std::borrow::Cow;

const RESPONSE: &str = "response-phrase";
const REQUEST: &str = "request-phrase";

const PURCHASE: &[(&str, &str)] = &[
    ("access_code", "zx0IPmPy5jp1vAz8Kpg7"),
    ("amount", "1000"),
    ("command", "PURCHASE"),
    ("currency", "AED"),
    ("customer_email", "a@example.com"),
    ("eci", "ECOMMERCE"),
    ("fort_id", "149295435400084008"),
    ("language", "en"),
    ("merchant_identifier", "CycHZxVj"),
    ("merchant_reference", "XYZ9239-yu898"),
    ("payment_option", "VISA"),
    ("response_code", "14000"),
    ("response_message", "Success"),
    ("status", "14"),
];

const CHECK: &[(&str, &str)] = &[
    ("access_code", "zx0IPmPy5jp1vAz8Kpg7"),
    ("acquirer_response_code", "00"),
    ("authorized_amount", "1000"),
    ("captured_amount", "400"),
    ("fort_id", "149295435400084008"),
    ("language", "en"),
    ("merchant_identifier", "CycHZxVj"),
    ("merchant_reference", "XYZ9239-yu898"),
    ("processor_response_code", "APPROVED"),
    ("query_command", "CHECK_STATUS"),
    ("refunded_amount", ""),
    ("response_code", "12000"),
    ("response_message", "Success"),
    ("status", "12"),
    ("transaction_code", "04000"),
    ("transaction_message", "Success"),
    ("transaction_status", "04"),
];

fn phrase(text: &str) -> Phrase {
    Phrase::new(text.to_owned()).unwrap()
}

fn params<'a>(members: &[(&'a str, &'a str)]) -> Params<'a> {
    let mut params = Params::new();
    for (name, value) in members {
        params.push(*name, Value::Text(Cow::Borrowed(value)));
    }
    params
}

/// `members` with some replaced or added, and those with no value taken away.
fn changed<'a>(members: &[(&'a str, &'a str)], changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> =
        members.iter().copied().filter(|(name, _)| changes.iter().all(|(other, _)| other != name)).collect();
    all.extend(changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value))));
    all
}

fn json(params: &Params<'_>, signature: Option<&str>) -> String {
    let mut writer = Writer::new();
    writer.begin_object();
    for (name, value) in params.iter() {
        writer.name(name);
        writer.value(value);
    }
    if let Some(signature) = signature {
        writer.name("signature");
        writer.string(signature);
    }
    writer.end_object();
    writer.finish()
}

fn signed(members: &[(&str, &str)]) -> String {
    let params = params(members);
    json(&params, Some(&sign(&params, &[], &phrase(RESPONSE), Digest::Sha256)))
}

struct Given<'g> {
    expected: &'g [(&'g str, &'g str)],
    ignore: &'g [&'g str],
    direct: bool,
}

const NOTHING: Given<'_> = Given { expected: &[], ignore: &[], direct: false };

fn opened<'a>(message: &'a str, given: &Given<'_>) -> Result<Reply<'a>, ReplyError> {
    let phrases = [phrase("newer"), phrase(RESPONSE)];
    let credentials = [Credentials { access_code: "zx0IPmPy5jp1vAz8Kpg7", phrases: &phrases, digest: Digest::Sha256 }];
    let Given { expected, ignore, direct } = *given;
    open(message, &Checks { credentials: &credentials, expected, ignore, direct })
}

#[test]
fn a_genuine_reply_is_opened() {
    let message = signed(PURCHASE);
    let reply = opened(&message, &NOTHING).unwrap();
    assert!(reply.authentic);
    assert_eq!(reply.outcome, Outcome::Succeeded);
    assert_eq!((reply.status(), reply.code(), reply.message()), ("14", "14000", "Success"));
    assert_eq!(reply.redirect_to(), None);
    let names: Vec<_> = reply.params.iter().map(|(name, _)| name).collect();
    assert_eq!(names, PURCHASE.iter().map(|(name, _)| *name).chain(["signature"]).collect::<Vec<_>>());

    let message = signed(CHECK);
    assert_eq!(opened(&message, &NOTHING).unwrap().outcome, Outcome::Succeeded);

    let pairs: Vec<String> = PURCHASE.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let signature = sign(&params(PURCHASE), &[], &phrase(RESPONSE), Digest::Sha256);
    let form = format!("?shop=1&{}&signature={signature}", pairs.join("&").replace('@', "%40"));
    let reply = opened(&form, &Given { ignore: &["shop"], ..NOTHING }).unwrap();
    assert_eq!(reply.params.text("shop"), Some("1"));
    assert_eq!(opened(&form, &NOTHING), Err(ReplyError::Mismatch));
}

#[test]
fn what_is_not_genuine_is_refused() {
    let unreadable = |message: &str| match opened(message, &Given { direct: true, ..NOTHING }) {
        Err(ReplyError::Unreadable(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(unreadable(""), ReadError::Empty);
    assert_eq!(unreadable("<html><body>502 Bad Gateway</body></html>"), ReadError::Malformed);
    let message = signed(PURCHASE);
    assert_eq!(unreadable(&message[..message.len() - 1]), ReadError::Malformed);
    assert_eq!(unreadable(&message.replacen('{', "{\"status\":\"14\",", 1)), ReadError::Repeated("status".into()));

    let request = changed(PURCHASE, &[("response_code", None), ("response_message", None), ("status", None)]);
    // A request signed with its own phrase, and one sent back to an account whose two phrases are the same.
    let own = json(&params(&request), Some(&sign(&params(&request), &[], &phrase(REQUEST), Digest::Sha256)));
    assert_eq!(opened(&own, &NOTHING), Err(ReplyError::Mismatch));
    assert_eq!(opened(&signed(&request), &NOTHING), Err(ReplyError::NotAReply("status")));

    let altered = message.replace("1000\"", "9000\"");
    assert_ne!(altered, message);
    assert_eq!(opened(&altered, &NOTHING), Err(ReplyError::Mismatch));
    let other = signed(&changed(PURCHASE, &[("access_code", Some("other"))]));
    assert_eq!(opened(&other, &NOTHING), Err(ReplyError::UnknownAccessCode));
    for name in words(DECIDING) {
        let given = Given { ignore: &[name], ..NOTHING };
        assert_eq!(opened(&message, &given), Err(ReplyError::NotIgnorable(name.to_owned())));
    }
}

#[test]
fn credentials_are_chosen_by_access_code() {
    let wallet = changed(PURCHASE, &[("access_code", Some("wallet"))]);
    let wallet = params(&wallet);
    let message = json(&wallet, Some(&sign(&wallet, &[], &phrase("apple"), Digest::HmacSha512)));
    let (main, apple) = ([phrase(RESPONSE)], [phrase("apple")]);
    let sets = [
        Credentials { access_code: "zx0IPmPy5jp1vAz8Kpg7", phrases: &main, digest: Digest::Sha256 },
        Credentials { access_code: "wallet", phrases: &apple, digest: Digest::HmacSha512 },
    ];
    let checks = Checks { credentials: &sets, expected: &[], ignore: &[], direct: false };
    assert!(open(&message, &checks).unwrap().authentic);
    assert!(open(&signed(PURCHASE), &checks).unwrap().authentic);
    // Each set answers its own requests.
    for (code, other) in [("zx0IPmPy5jp1vAz8Kpg7", "wallet"), ("wallet", "zx0IPmPy5jp1vAz8Kpg7")] {
        let request = params(&[("access_code", other)]);
        let expected = expected_of(&request);
        let checks = Checks { expected: &expected, ..checks };
        let own = if code == "wallet" { message.clone() } else { signed(PURCHASE) };
        assert_eq!(open(&own, &checks), Err(ReplyError::Different(vec!["access_code".into()])));
    }
    // Without an access code it is of the first.
    let bare = signed(&changed(PURCHASE, &[("access_code", None)]));
    assert!(open(&bare, &Checks { expected: &[("access_code", "zx0IPmPy5jp1vAz8Kpg7")], ..checks }).is_ok());
    assert!(open(&bare, &Checks { expected: &[("access_code", "wallet")], ..checks }).is_err());
    // The right phrase under the wrong access code.
    let message = json(&wallet, Some(&sign(&wallet, &[], &phrase(RESPONSE), Digest::Sha256)));
    assert_eq!(open(&message, &checks), Err(ReplyError::Mismatch));
}

#[test]
fn only_a_direct_rejection_may_be_unsigned() {
    let direct = Given { direct: true, ..NOTHING };
    let rejection = [("status", "00"), ("response_code", "00008"), ("response_message", "Signature mismatch")];
    for signature in [None, Some("")] {
        let message = json(&params(&rejection), signature);
        let reply = opened(&message, &direct).unwrap();
        assert!(!reply.authentic);
        assert_eq!(reply.outcome, Outcome::Rejected);
        assert_eq!(opened(&message, &NOTHING), Err(ReplyError::Unsigned));
    }
    let nobody_knows = json(&params(&changed(&rejection, &[("response_code", Some("00006"))])), None);
    assert_eq!(opened(&nobody_knows, &direct).unwrap().outcome, Outcome::Uncertain);
    let signed_wrongly = json(&params(&rejection), Some(&"0".repeat(64)));
    assert_eq!(opened(&signed_wrongly, &direct), Err(ReplyError::Mismatch));
    for changes in [
        [("status", Some("14")), ("response_code", Some("14000"))],
        [("status", Some("00")), ("response_code", Some("14000"))],
        [("status", Some("00")), ("response_code", None)],
        [("status", None), ("response_code", Some("00008"))],
        [("status", Some("20")), ("response_code", Some("20064"))],
    ] {
        let message = json(&params(&changed(&rejection, &changes)), None);
        assert_eq!(opened(&message, &direct), Err(ReplyError::Unsigned));
    }
    let expected = [("merchant_reference", "A"), ("amount", "1")];
    let given = Given { expected: &expected, ..direct };
    assert!(opened(&json(&params(&rejection), None), &given).is_ok());
    let other = json(&params(&changed(&rejection, &[("merchant_reference", Some("B"))])), None);
    assert_eq!(opened(&other, &given), Err(ReplyError::Different(vec!["merchant_reference".into()])));
}

#[test]
fn the_reply_must_answer_the_request() {
    let request = params(&changed(PURCHASE, &[("response_code", None), ("status", None), ("fort_id", None)]));
    let expected = expected_of(&request);
    let given = Given { expected: &expected, ..NOTHING };
    assert!(opened(&signed(PURCHASE), &given).is_ok());
    for (name, value) in [
        ("merchant_identifier", "Other"),
        ("merchant_reference", "XYZ9239-yu899"),
        ("amount", "1001"),
        ("currency", "SAR"),
        ("command", "AUTHORIZATION"),
    ] {
        let different = Err(ReplyError::Different(vec![name.to_owned()]));
        assert_eq!(opened(&signed(&changed(PURCHASE, &[(name, Some(value))])), &given), different);
        assert_eq!(opened(&signed(&changed(PURCHASE, &[(name, None)])), &given), different);
    }
    let twice = changed(PURCHASE, &[("amount", Some("1")), ("currency", Some("USD"))]);
    let different = ReplyError::Different(vec!["amount".into(), "currency".into()]);
    assert_eq!(opened(&signed(&twice), &given), Err(different));

    // A request by fort_id alone is answered by that fort_id; the operation may be named by any selector.
    let request = params(&[("service_command", "CHECK_STATUS"), ("fort_id", "149295435400084008")]);
    let expected = expected_of(&request);
    let given = Given { expected: &expected, ..NOTHING };
    assert!(opened(&signed(CHECK), &given).is_ok());
    let other = signed(&changed(CHECK, &[("fort_id", Some("1"))]));
    assert_eq!(opened(&other, &given), Err(ReplyError::Different(vec!["fort_id".into()])));
}

#[test]
fn the_customer_is_sent_to_https_only() {
    let redirect = |url: Option<&str>| {
        let url = url.map(str::to_owned);
        let changes = [("status", Some("20")), ("response_code", Some("20064")), ("3ds_url", url.as_deref())];
        let message = signed(&changed(PURCHASE, &changes));
        let reply = opened(&message, &NOTHING).unwrap();
        (reply.outcome, reply.redirect_to().map(str::to_owned))
    };
    let url = "https://sbcheckout.payfort.com/FortAPI/3ds?x=1";
    assert_eq!(redirect(Some(url)), (Outcome::ActionRequired, Some(url.to_owned())));
    for url in
        [None, Some(""), Some("https://"), Some("http://a.example"), Some("javascript:alert(1)"), Some("https:///a")]
    {
        assert_eq!(redirect(url), (Outcome::Pending, None), "{url:?}");
    }
}

// Ambiguity.

#[test]
fn a_spliced_reply_is_refused() {
    // Declined for real, with a description that the customer chose.
    let description = "xresponse_code=14000response_message=Successstatus=14";
    let declined = changed(
        PURCHASE,
        &[
            ("response_code", Some("13666")),
            ("status", Some("13")),
            ("return_url", None),
            ("remember_me", Some(description)),
        ],
    );
    let genuine = params(&declined);
    let signature = sign(&genuine, &[], &phrase(RESPONSE), Digest::Sha256);
    let spliced = params(&changed(
        PURCHASE,
        &[
            ("remember_me", Some("x")),
            ("response_message", Some("Success")),
            ("status", Some("14response_code=13666response_message=Successstatus=13")),
        ],
    ));
    let text = |params: &Params<'_>| {
        let mut text = String::new();
        canonical(params, &[], &mut text);
        text
    };
    assert_eq!(text(&genuine), text(&spliced));
    let ambiguous = |name: &str| Err(ReplyError::Ambiguous(name.to_owned()));
    assert_eq!(opened(&json(&spliced, Some(&signature)), &NOTHING), ambiguous("status"));
    // The genuine one could have been the splice of the other: nobody can tell.
    assert_eq!(opened(&json(&genuine, Some(&signature)), &NOTHING), ambiguous("response_code"));
}

#[test]
fn deciding_names_stand_at_the_head_of_their_own_parameter() {
    let ambiguous = |changes: &[(&str, Option<&str>)], name: &str| {
        let message = signed(&changed(PURCHASE, changes));
        assert_eq!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous(name.to_owned())), "{changes:?}");
    };
    for name in words(DECIDING) {
        let value = format!("x{name}=1");
        ambiguous(&[("customer_name", Some(&value))], name);
        let own = format!("x_{name}");
        ambiguous(&[(&own, Some("1"))], name);
    }
    // Only where APS uses them.
    ambiguous(&[("transaction_status", Some("14"))], "status");
    ambiguous(&[("captured_amount", Some("1"))], "amount");
    ambiguous(&[("query_command", Some("CHECK_STATUS"))], "command");
    // A value that could hide a parameter, even where the name is known.
    ambiguous(&[("acquirer_response_code", Some("00x=1"))], "response_code");
    ambiguous(&[("merchant_reference", Some("Aorder=1"))], "merchant_reference");
    ambiguous(&[("order_description", Some("Size=XL"))], "order_description");
    ambiguous(&[("a=b", Some("1"))], "a=b");
    ambiguous(&[("", Some("1"))], "");
    // A name cut in two.
    let cut = [("atus", "14"), ("response_code", "14000"), ("status", "14"), ("zst", "")];
    assert!(opened(&signed(&cut), &NOTHING).is_ok());
    let cut = [("abc", "st"), ("atus", "14"), ("response_code", "14000"), ("status", "14")];
    assert_eq!(opened(&signed(&cut), &NOTHING), Err(ReplyError::Ambiguous("status".into())));

    for (name, value) in [
        ("amount", "1111.11"),
        ("amount", ""),
        ("amount", "-1"),
        ("amount", "٥"),
        ("status", "1"),
        ("status", "+1"),
        ("response_code", "1400"),
        ("response_code", "140000"),
        ("response_code", "13666"),
        ("currency", "AEDx"),
        ("command", "PURCHASEx"),
        // `language` after it lent its beginning.
        ("fort_id", "169996210006464984lan"),
    ] {
        let message = signed(&changed(PURCHASE, &[(name, Some(value))]));
        assert!(matches!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous(_))), "{name} {value}");
    }
    for (name, value) in [
        ("captured_amount", "1.0"),
        ("transaction_status", "4"),
        ("transaction_code", "13666"),
        ("transaction_code", "x"),
    ] {
        let message = signed(&changed(CHECK, &[(name, Some(value))]));
        assert!(matches!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous(_))), "{name} {value}");
    }
    for (name, value) in [("phone_number", "transaction_code=14000"), ("transaction_note", "transaction_code=14000")] {
        let message = signed(&changed(CHECK, &[(name, Some(value))]));
        assert_eq!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous("transaction_code".into())));
        assert!(opened(&signed(&changed(PURCHASE, &[(name, Some(value))])), &NOTHING).is_ok());
    }
    // Objects and lists: what they hold is text like any other, and what decides is no object.
    let nested = |member: &str| {
        let text = json(&params(PURCHASE), None);
        let text = text.replacen('{', &format!("{{{member},"), 1);
        let signature = sign(&read_params(&text).unwrap(), &[], &phrase(RESPONSE), Digest::Sha256);
        let text = json(&read_params(&text).unwrap(), Some(&signature));
        opened(&text, &NOTHING).map(|_| ())
    };
    assert_eq!(nested(r#""products":[{"name":"x","price":"1"}]"#), Ok(()));
    assert_eq!(nested(r#""products":[{"amount":"1"}]"#), Err(ReplyError::Ambiguous("amount".into())));
    assert_eq!(nested(r#""acquirer_response_code":["00"]"#), Err(ReplyError::Ambiguous("response_code".into())));
}

// Outcomes.

#[test]
fn outcomes_follow_status_and_command() {
    use Outcome::{ActionRequired, Failed, Pending, Rejected, Succeeded, Uncertain};
    let told = |command: &str, code: &str| outcome(command, &code[..2], code, Facts::default());
    for (command, success, failure) in [
        ("AUTHORIZATION", "02000", "03666"),
        ("PURCHASE", "14000", "13666"),
        ("CAPTURE", "04000", "05042"),
        ("REFUND", "06000", "07048"),
        ("VOID_AUTHORIZATION", "08000", "09034"),
    ] {
        assert_eq!(told(command, success), Succeeded, "{command}");
        assert_eq!(told(command, failure), Failed, "{command}");
        for other in ["AUTHORIZATION", "PURCHASE", "CAPTURE", "REFUND", "VOID_AUTHORIZATION", "CHECK_STATUS", ""] {
            if other != command {
                assert_eq!(told(other, success), Uncertain, "{other}");
                assert_eq!(told(other, failure), Uncertain, "{other}");
            }
        }
        for code in ["01000", "10030", "19000", "20064", "40090"] {
            assert_eq!(told(command, code), Pending, "{code}");
        }
        for code in ["00001", "00002", "00008", "00027", "00034", "00042", "00072"] {
            assert_eq!(told(command, code), Rejected, "{code}");
        }
        for status in
            ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "13", "14", "15", "19", "20", "40"]
        {
            for message in ["006", "007", "047", "066", "662", "777", "778", "779", "780", "781", "784"] {
                assert_eq!(told(command, &format!("{status}{message}")), Uncertain, "{status}{message}");
            }
        }
        for code in ["15000", "11000", "12000", "16000", "99000", "25000"] {
            assert_eq!(told(command, code), Uncertain, "{code}");
        }
        let facts = Facts { has_3ds_url: true, ..Facts::default() };
        assert_eq!(outcome(command, "20", "20064", facts), ActionRequired);
        assert_eq!(outcome(command, "14", "02000", facts), Uncertain);
        assert_eq!(outcome(command, "", "", facts), Uncertain);
        assert_eq!(outcome(command, "14", "1400٠", facts), Uncertain);
    }
}

#[test]
fn check_status_tells_of_the_last_operation() {
    use Outcome::{Failed, Pending, Rejected, Succeeded, Uncertain};
    let told = |code: &str, last: Option<&str>| {
        let facts =
            Facts { transaction_status: last.map(|last| &last[..2]), transaction_code: last, has_3ds_url: true };
        outcome("CHECK_STATUS", &code[..2], code, facts)
    };
    for (last, expected) in [
        ("14000", Succeeded),
        ("02000", Succeeded),
        ("04000", Succeeded),
        ("06000", Succeeded),
        ("08000", Succeeded),
        ("13666", Failed),
        ("07048", Failed),
        ("20064", Pending),
        ("19000", Pending),
        ("00034", Rejected),
        ("15777", Uncertain),
        ("13006", Uncertain),
        ("12000", Uncertain),
        ("99000", Uncertain),
    ] {
        assert_eq!(told("12000", Some(last)), expected, "{last}");
        assert_eq!(told("12036", Some(last)), Uncertain, "{last}");
        assert_eq!(told("11000", Some(last)), Uncertain, "{last}");
        assert_eq!(
            outcome("PURCHASE", "12", "12000", Facts { transaction_code: Some(last), ..Facts::default() }),
            Uncertain
        );
    }
    assert_eq!(told("12000", None), Uncertain);
    assert_eq!(told("00008", None), Rejected);
    // The table of CHECK_VERIFY_CARD_STATUS has no transaction_code.
    for (last, expected) in [("80", Succeeded), ("81", Failed), ("02", Succeeded), ("99", Uncertain), ("", Uncertain)] {
        let facts = Facts { transaction_status: Some(last), ..Facts::default() };
        assert_eq!(outcome("CHECK_VERIFY_CARD_STATUS", "12", "12000", facts), expected, "{last}");
        assert_eq!(outcome("CHECK_STATUS", "12", "12000", facts), Uncertain, "{last}");
    }
    let contradicting = Facts { transaction_status: Some("14"), transaction_code: Some("13666"), has_3ds_url: false };
    assert_eq!(outcome("CHECK_STATUS", "12", "12000", contradicting), Uncertain);
}

#[test]
fn a_code_alone_tells_what_it_can() {
    use Outcome::{ActionRequired, Failed, Pending, Rejected, Succeeded, Uncertain};
    for (code, expected) in [
        ("14000", Succeeded),
        ("13666", Failed),
        ("20064", ActionRequired),
        ("20065", Pending),
        ("18062", Succeeded),
        ("81666", Failed),
        ("00008", Rejected),
        ("00066", Uncertain),
        ("12000", Uncertain),
        ("12036", Uncertain),
        ("15777", Uncertain),
        ("99999", Uncertain),
        ("14", Uncertain),
        ("", Uncertain),
    ] {
        assert_eq!(outcome_of_code(code), expected, "{code}");
    }
}

#[test]
fn what_a_command_does_not_sign_is_left_out_for_it_alone() {
    let plans: &[(&str, &str)] = &[
        ("access_code", "zx0IPmPy5jp1vAz8Kpg7"),
        ("language", "en"),
        ("merchant_identifier", "CycHZxVj"),
        ("query_command", "GET_INSTALLMENTS_PLANS"),
        ("response_code", "62000"),
        ("response_message", "Success"),
        ("status", "62"),
    ];
    let detail = || {
        let issuer = Value::Object(vec![("issuer_code".into(), Value::Text("zaQnN1".into()))]);
        Value::Object(vec![("issuer_detail".into(), Value::List(vec![issuer]))])
    };
    let mut all = params(plans);
    let signature = sign(&all, &[], &phrase(RESPONSE), Digest::Sha256);
    all.push("installment_detail", detail());
    let reply = json(&all, Some(&signature));
    assert_eq!(opened(&reply, &NOTHING).unwrap().outcome, Outcome::Succeeded);
    // Signed as well, it is not what APS signs.
    let over = sign(&all, &[], &phrase(RESPONSE), Digest::Sha256);
    assert_eq!(opened(&json(&all, Some(&over)), &NOTHING), Err(ReplyError::Mismatch));
    // No other command may bring something unsigned along.
    let mut other = params(PURCHASE);
    let signature = sign(&other, &[], &phrase(RESPONSE), Digest::Sha256);
    other.push("installment_detail", detail());
    assert_eq!(opened(&json(&other, Some(&signature)), &NOTHING), Err(ReplyError::Mismatch));
}

#[test]
fn a_valu_payment_may_tell_of_its_wallets() {
    let wallets =
        [("cashback_wallet_amount", Some("0")), ("payment_option", Some("VALU")), ("wallet_amount", Some("100"))];
    let acquirer = [("acquirer_response_code", Some("00")), ("acquirer_response_message", Some("Approved"))];
    for changes in [wallets.to_vec(), [wallets.as_slice(), &acquirer].concat()] {
        let message = signed(&changed(PURCHASE, &changes));
        assert_eq!(opened(&message, &NOTHING).unwrap().outcome, Outcome::Succeeded);
    }
    // Cut up so that the end of such a name stands for the amount, it is refused.
    let cut = [("agreement_id", Some("x")), ("cashback_wallet_amount", Some("9")), ("customer_name", Some("amount=1"))];
    let message = signed(&changed(PURCHASE, &cut));
    assert!(matches!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous(_))));
}

/// Signs `genuine` and opens `cut`, which reads the same text in another way.
fn cut_anew(genuine: &[(&str, &str)], cut: &[(&str, &str)]) -> Result<(), ReplyError> {
    let text = |members: &[(&str, &str)]| {
        let mut text = String::new();
        canonical(&params(members), &[], &mut text);
        text
    };
    assert_eq!(text(genuine), text(cut));
    let signature = sign(&params(genuine), &[], &phrase(RESPONSE), Digest::Sha256);
    opened(&json(&params(cut), Some(&signature)), &NOTHING).map(|_| ())
}

/// What `PURCHASE` has but for the names given.
fn purchase<'a>(without: &[&str], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = PURCHASE.iter().copied().filter(|(name, _)| !without.contains(name));
    kept.chain(more.iter().copied()).collect()
}

#[test]
fn no_amount_is_cut_out_of_an_earlier_value() {
    let ambiguous = |name: &str| Err(ReplyError::Ambiguous(name.to_owned()));
    // 10.00 were paid, and 5,000.00 are read.
    for (chosen, before) in [("agreement_id", "X"), ("acquirer_reference", "X"), ("airline_data", "")] {
        let value = format!("{before}amount=500000cashback_wallet_");
        let genuine = purchase(&[], &[(chosen, &value)]);
        let cut = purchase(&["amount"], &[(chosen, before), ("amount", "500000"), ("cashback_wallet_amount", "1000")]);
        assert_eq!(cut_anew(&genuine, &cut), ambiguous("amount"), "{chosen}");
        // The amount hidden altogether.
        let cut = purchase(&["amount"], &[(chosen, before), ("cashback_wallet_amount", "1000")]);
        let value = format!("{before}cashback_wallet_");
        assert_eq!(cut_anew(&purchase(&[], &[(chosen, &value)]), &cut), ambiguous("amount"), "{chosen}");
    }
    // Behind names that sort ahead of access_code.
    let genuine = purchase(&[], &[("3ds_xid", "amount=5cashback_wallet_"), ("access_code", "zx0IPmPy5jp1vAz8Kpg7")]);
    let first = genuine.iter().position(|(name, _)| *name == "access_code").unwrap();
    let genuine: Vec<_> = genuine.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, own)| *own).collect();
    assert!(matches!(opened(&signed(&genuine), &NOTHING), Err(ReplyError::Ambiguous(_))));
}

#[test]
fn a_reference_or_description_keeps_its_end() {
    let ambiguous = |name: &str| Err(ReplyError::Ambiguous(name.to_owned()));
    // Another parameter of APS, which lends its beginning to the value or takes its end.
    for (deciding, value, next) in [
        ("merchant_reference", "XYZ-", "opayment_option"),
        ("merchant_reference", "XYZ-", "order-payment_option"),
        ("merchant_reference", "XYZ-", "xorder_description"),
        ("order_description", "Tea for ", "popayment_option"),
    ] {
        let message = purchase(&["merchant_reference", "payment_option"], &[(deciding, value), (next, "VISA")]);
        let reference = ("merchant_reference", "XYZ9239-yu898");
        let message: Vec<_> =
            if deciding == reference.0 { message } else { message.into_iter().chain([reference]).collect() };
        let opened = opened(&signed(&message), &NOTHING).map(|_| ());
        let name = if next.ends_with("order_description") { "order_description" } else { deciding };
        assert_eq!(opened, ambiguous(name), "{deciding} {next}");
    }
    for value in ["Refund for p", "shop-pay", "order_description", "a.b-c_d"] {
        for name in ["merchant_reference", "order_description", "maintenance_reference"] {
            let message = signed(&changed(PURCHASE, &[(name, Some(value))]));
            assert!(opened(&message, &NOTHING).is_ok(), "{name} {value}");
        }
    }
    // Each that may follow.
    let dictionary =
        include_str!("../../src/dictionary/dictionary.toml").lines().filter_map(|line| line.split_once(" = { kind"));
    let follows = |name: &&str| *name > "merchant_reference" && *name < "response_code";
    let mut count = 0;
    for name in dictionary.map(|(name, _)| name.split('@').next().unwrap()).filter(follows) {
        let longer = format!("n{name}");
        let message = signed(&changed(PURCHASE, &[("payment_option", None), (&longer, Some("1"))]));
        assert!(matches!(opened(&message, &NOTHING), Err(ReplyError::Ambiguous(_))), "{name}");
        count += 1;
    }
    assert!(count > 30, "{count}");
    // What APS may add some day.
    assert!(opened(&signed(&changed(PURCHASE, &[("merchant_zone", Some("1"))])), &NOTHING).is_ok());
}
