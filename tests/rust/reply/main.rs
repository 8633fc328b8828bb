//! Replies and notifications: which are genuine, and about the request.

mod ambiguity;
mod outcomes;

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

// Outcomes.

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
