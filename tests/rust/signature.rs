//! Published signatures reproduce, and nothing but them verifies.

use aps_payops::message::form::read_form;
use aps_payops::message::json::read_params;
use aps_payops::message::value::{Params, Value};
use aps_payops::message::writer::Writer;
use aps_payops::message::{MAX_BYTES, read_message};
use aps_payops::signature::explain::{Explanation, explain};
use aps_payops::signature::{Digest, Phrase, sign, verify};
use std::borrow::Cow;

/// Worked examples published by APS, its SDKs and others; each with its source.
const PUBLISHED: &str = include_str!("../fixtures/published.json");

fn phrase(text: &str) -> Phrase {
    Phrase::new(text.to_owned()).unwrap()
}

struct Vector {
    name: String,
    digest: Digest,
    phrase: String,
    /// The parameters as JSON text.
    params: String,
    signature: String,
}

fn vectors() -> Vec<Vector> {
    let list: serde_json::Value = serde_json::from_str(PUBLISHED).unwrap();
    let text = |vector: &serde_json::Value, name: &str| vector[name].as_str().unwrap().to_owned();
    let vectors: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|vector| Vector {
            name: text(vector, "name"),
            digest: Digest::from_name(&text(vector, "digest")).unwrap(),
            phrase: text(vector, "phrase"),
            params: vector["params"].to_string(),
            signature: text(vector, "signature"),
        })
        .collect();
    assert_eq!(vectors.len(), 26);
    vectors
}

fn with<'a>(params: &Params<'a>, name: &'a str, value: &'a str) -> Params<'a> {
    let mut more = params.clone();
    more.push(name, Value::Text(Cow::Borrowed(value)));
    more
}

#[test]
fn published_signatures_reproduce() {
    for vector in vectors() {
        let params = read_params(&vector.params).unwrap();
        assert_eq!(sign(&params, &[], &phrase(&vector.phrase), vector.digest), vector.signature, "{}", vector.name);
        let upper = vector.signature.to_uppercase();
        for signature in [&vector.signature, &upper] {
            let signed = with(&params, "signature", signature);
            assert!(verify(&signed, &[], &[phrase(&vector.phrase)], vector.digest), "{}", vector.name);
            assert!(verify(&signed, &[], &[phrase("new"), phrase(&vector.phrase)], vector.digest), "{}", vector.name);
            assert!(!verify(&signed, &[], &[phrase("new")], vector.digest), "{}", vector.name);
            assert!(!verify(&signed, &[], &[], vector.digest), "{}", vector.name);
            for digest in Digest::ALL.into_iter().filter(|digest| *digest != vector.digest) {
                assert!(!verify(&signed, &[], &[phrase(&vector.phrase)], digest), "{}", vector.name);
            }
            assert!(verify(
                &with(&signed, "shop_order", "1"),
                &["shop_order"],
                &[phrase(&vector.phrase)],
                vector.digest
            ));
        }
    }
}

/// Every tree that differs from `value` in one letter, member or element.
fn changed(value: &Value<'static>) -> Vec<Value<'static>> {
    match value {
        Value::Text(text) => {
            let letters: Vec<char> = text.chars().collect();
            let mut all: Vec<String> = (0..letters.len())
                .flat_map(|index| {
                    let mut other = letters.clone();
                    other[index] = if other[index] == 'x' { 'y' } else { 'x' };
                    let mut less = letters.clone();
                    less.remove(index);
                    [other.into_iter().collect(), less.into_iter().collect()]
                })
                .collect();
            all.push(format!("{text} "));
            all.push(format!(" {text}"));
            all.into_iter().map(|text| Value::Text(Cow::Owned(text))).collect()
        }
        Value::Object(members) => changed_members(members).into_iter().map(Value::Object).collect(),
        Value::List(elements) => {
            let mut all = Vec::new();
            for (index, element) in elements.iter().enumerate() {
                for other in changed(element) {
                    let mut list = elements.clone();
                    list[index] = other;
                    all.push(Value::List(list));
                }
                let mut less = elements.clone();
                less.remove(index);
                all.push(Value::List(less));
            }
            if elements.len() > 1 {
                let mut turned = elements.clone();
                turned.rotate_left(1);
                all.push(Value::List(turned));
            }
            all
        }
    }
}

type Member = (Cow<'static, str>, Value<'static>);

fn changed_members(members: &[Member]) -> Vec<Vec<Member>> {
    let mut all = Vec::new();
    for (index, (name, value)) in members.iter().enumerate() {
        for other in changed(value) {
            let mut list = members.to_vec();
            list[index].1 = other;
            all.push(list);
        }
        for other in changed(&Value::Text(name.clone())) {
            let Value::Text(other) = other else { panic!("text stays text") };
            if members.iter().all(|(name, _)| *name != other) {
                let mut list = members.to_vec();
                list[index].0 = other;
                all.push(list);
            }
        }
        let mut less = members.to_vec();
        less.remove(index);
        all.push(less);
        let mut more = members.to_vec();
        more.insert(index, (Cow::Borrowed("x"), Value::Text(Cow::Borrowed(""))));
        all.push(more);
    }
    all
}

fn owned(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::Text(text) => Value::Text(Cow::Owned(text.to_string())),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (Cow::Owned(name.to_string()), owned(member))).collect())
        }
        Value::List(elements) => Value::List(elements.iter().map(owned).collect()),
    }
}

#[test]
fn every_change_is_noticed() {
    for vector in vectors() {
        let phrases = [phrase(&vector.phrase)];
        let params = read_params(&vector.params).unwrap();
        let members: Vec<Member> =
            params.iter().map(|(name, value)| (Cow::Owned(name.to_owned()), owned(value))).collect();
        let signature = || (Cow::Borrowed("signature"), Value::Text(Cow::Owned(vector.signature.clone())));
        let mut tried = 0;
        for mut other in changed_members(&members) {
            other.push(signature());
            tried += 1;
            assert!(!verify(&Params::from_members(other.clone()), &[], &phrases, vector.digest), "{other:?}");
        }
        assert!(tried > 20 * members.len(), "{}", vector.name);
        for index in 0..vector.signature.len() {
            for digit in ["0", "1", "f", "g", " ", ""] {
                let mut other = vector.signature.clone();
                other.replace_range(index..=index, digit);
                if other != vector.signature {
                    assert!(!verify(&with(&params, "signature", &other), &[], &phrases, vector.digest), "{other}");
                }
            }
        }
        let doubled = vector.signature.repeat(2);
        for other in ["", "00", "zz", doubled.as_str(), &vector.signature[..32], &format!("{}00", vector.signature)] {
            assert!(!verify(&with(&params, "signature", other), &[], &phrases, vector.digest), "{other}");
        }
        assert!(!verify(&params, &[], &phrases, vector.digest), "unsigned");
    }
}

/// Computed with Python's `hashlib` and `hmac`, for want of published HMAC signatures.
#[test]
fn every_digest_agrees_with_another_implementation() {
    let text = r#"{"empty": "", "order_description": "Ti\tt\u00eb \u0665",
        "apple_header": {"apple_transactionId": "93", "apple_publicKeyHash": null}, "columns": ["a", "b"],
        "a_2": "1", "gone": null, "a1": "2", "amount": 9007199254740993, "signature": "?"}"#;
    for (digest, signature) in [
        (Digest::Sha256, "fd4e4fa7bb99b8897cc969d710d7e300f10941f8444c14fd028df6db6b78f492"),
        (
            Digest::Sha512,
            "34510fdb1d186278f5f83a05cf371395af42402b0dab44c51fe71261467f67a8f72110af1308b0899d7e8da238995969a7fb21fc83c73cd199942345f8fb59a9",
        ),
        (Digest::HmacSha256, "01e550402684fadc07da028c9196bb38e59eed82fab9fb7632e15e2225279789"),
        (
            Digest::HmacSha512,
            "75be826509e1c285253bffa8843ba11916f22a148906f2d350cf93a752e16c944c0e25ec1a7485993272fe16226f15595571226842fd8bbd120bdac8575fb877",
        ),
    ] {
        let params = read_params(text).unwrap();
        assert_eq!(sign(&params, &[], &phrase("pässphrase$%"), digest), signature, "{}", digest.name());
    }
}

#[test]
fn a_form_signs_like_json() {
    let json = read_params(r#"{"b":"x y+z&=٥","a":"","c":"&#39;"}"#).unwrap();
    let form = read_form("c=%26%2339%3B&b=x+y%2Bz%26%3d%D9%A5&a=").unwrap();
    for digest in Digest::ALL {
        assert_eq!(sign(&json, &[], &phrase("p"), digest), sign(&form, &[], &phrase("p"), digest));
    }
}

#[test]
fn secrets_do_not_show() {
    assert!(Phrase::new(String::new()).is_none());
    assert_eq!(format!("{:?}", phrase("hush")), "[secret]");
    for name in ["", "SHA256", "sha-256", "SHA-1", "SHA-128", "HMAC-256 "] {
        assert_eq!(Digest::from_name(name), None, "{name}");
    }
    for digest in Digest::ALL {
        assert_eq!(Digest::from_name(digest.name()), Some(digest));
    }
}

// Explanations.

const OWN: &str = "own-phrase";
const OTHER: &str = "other-phrase";

/// Signs `sent`, then has `received` with that signature explained.
fn explained(sent: &str, received: &str, ignore: &[&str], own: &str, signed_with: (&str, Digest)) -> Explanation {
    let signature = sign(&read_params(sent).unwrap(), &[], &phrase(signed_with.0), signed_with.1);
    let received = read_params(received).unwrap();
    let received = with(&received, "signature", &signature);
    let explanation = explain(&received, ignore, &[phrase(own)], Digest::Sha256, &[phrase(OTHER)]);
    let shown = format!("{explanation:?}");
    assert!(!shown.contains(&signature) && !shown.contains(OWN) && !shown.contains(OTHER), "{shown}");
    let expected = sign(&received, ignore, &phrase(own), Digest::Sha256);
    assert!(!shown.contains(&expected), "{shown}");
    explanation
}

fn hinted(sent: &str, received: &str) -> Vec<(&'static str, Option<String>)> {
    let explanation = explained(sent, received, &[], OWN, (OWN, Digest::Sha256));
    assert!(!explanation.matches);
    explanation.hints.into_iter().map(|hint| (hint.mistake, hint.parameter)).collect()
}

#[test]
fn mistakes_in_values_are_named() {
    for (mistake, signed, received) in [
        ("trimmed_value", "x", " x\\t"),
        ("trimmed_value", " x", " x "),
        ("trimmed_value", "x ", "\\tx "),
        ("trimmed_value", "\\tx", "x"),
        ("trimmed_value", "x ", "x"),
        ("unescaped_value", "O'N <&> \\\" é", "O&#39;N &lt;&amp;&gt; &quot; &#xe9;"),
        ("unescaped_value", "&& \u{10ffff} & c;", "&& &#x0010FFFF; &amp; c;"),
        ("escaped_value", "O&#39;N", "O'N"),
        ("escaped_value", "O&#039;N", "O'N"),
        ("decoded_value", "a b/é", "a+b%2F%c3%a9"),
        ("encoded_value", "a+b%2F%C3%A9", "a b/é"),
        ("encoded_value", "a%20b%2F%C3%A9", "a b/é"),
        ("slashed_value", "a\\\\/b", "a/b"),
    ] {
        let message = |value: &str| format!(r#"{{"b":"2","a":"{value}","c":"3 4' "}}"#);
        let hints = hinted(&message(signed), &message(received));
        assert_eq!(hints, [(mistake, Some("a".to_owned()))], "{signed}");
    }
    let hints = hinted(r#"{"a":"1","b":"2"}"#, r#"{"a":" 1","b":"2 "}"#);
    assert_eq!(hints, [("trimmed_value", None)]);
}

#[test]
fn mistakes_in_parameters_are_named() {
    let one = |mistake: &'static str, parameter: &str| vec![(mistake, Some(parameter.to_owned()))];
    assert_eq!(hinted(r#"{"a":"1"}"#, r#"{"a":"1","lang":"x"}"#), one("extra_parameter", "lang"));
    // What a link or a proxy adds comes together, before or behind the rest.
    let extra =
        |names: &[&str]| -> Vec<_> { names.iter().map(|name| ("extra_parameter", Some((*name).to_owned()))).collect() };
    assert_eq!(hinted(r#"{"a":"1","f":"2"}"#, r#"{"x":"1","b":"2","a":"1","f":"2"}"#), extra(&["b", "x"]));
    assert_eq!(hinted(r#"{"a":"1","f":"2"}"#, r#"{"a":"1","f":"2","z":"3","b":"","e":"2"}"#), extra(&["b", "e", "z"]));
    assert_eq!(hinted(r#"{"a":"1"}"#, r#"{"a":"1","b":""}"#), one("empty_value", "b"));
    assert_eq!(hinted(r#"{"a":"1"}"#, r#"{"a":"1","b":"","c":""}"#), [("empty_value", None)]);
    assert_eq!(hinted(r#"{"a":"1","customer_email":""}"#, r#"{"a":"1"}"#), one("missing_parameter", "customer_email"));
    assert_eq!(hinted(r#"{"a":"1","command":"CAPTURE"}"#, r#"{"a":"1"}"#), one("missing_parameter", "command"));
    assert_eq!(
        hinted(r#"{"a":"1"}"#, r#"{"a":"1","card_number":"4005550000000001","expiry_date":"2705"}"#),
        [("card_fields_left_out", None)]
    );
    assert_eq!(
        hinted(r#"{"a":{"x":"1","y":{"v":"3","w":"2"}}}"#, r#"{"a":{"y":{"w":"2","v":"3"},"x":"1"}}"#),
        one("nested_order", "a")
    );
    // Sorted by the receiver, or shuffled, in one object or in several.
    assert_eq!(
        hinted(r#"{"a":{"y":"2","x":"1","z":"3"}}"#, r#"{"a":{"x":"1","y":"2","z":"3"}}"#),
        one("nested_order", "a")
    );
    assert_eq!(
        hinted(
            r#"{"a":[{"b":{"z":"3","x":"1"},"a":"0"}],"c":"d"}"#,
            r#"{"a":[{"b":{"x":"1","z":"3"},"a":"0"}],"c":"d"}"#
        ),
        one("nested_order", "a")
    );
    assert_eq!(
        hinted(
            r#"{"a":{"y":"2","x":"1"},"b":{"w":"3","u":"1","v":"2"}}"#,
            r#"{"a":{"x":"1","y":"2"},"b":{"u":"1","v":"2","w":"3"}}"#
        ),
        [("nested_order", None)]
    );
    assert_eq!(hinted(r#"{"a":"{\"y\":[\"1\"]}"}"#, r#"{"a":{"y":["1"]}}"#), one("nested_json", "a"));
    assert_eq!(hinted(r#"{"a":{"y":"1"}}"#, r#"{"a":{"x":"","y":"1"}}"#), one("nested_empty_value", "a"));
    let ignored = explained(r#"{"a":"1","b":"2"}"#, r#"{"a":"1","b":"2"}"#, &["b"], OWN, (OWN, Digest::Sha256));
    assert_eq!((ignored.hints[0].mistake, ignored.hints[0].parameter.as_deref()), ("ignored_parameter", Some("b")));
    assert_eq!(hinted(r#"{"a":"1"}"#, r#"{"a":"2"}"#), []);
}

#[test]
fn mistakes_in_keys_are_named() {
    let message = r#"{"a":"1","b":"2"}"#;
    let hints = |own, signed_with| {
        let explanation = explained(message, message, &[], own, signed_with);
        explanation.hints.into_iter().map(|hint| (hint.mistake, hint.digest)).collect::<Vec<_>>()
    };
    assert_eq!(hints(OWN, (OTHER, Digest::Sha256)), [("other_phrase", None)]);
    for digest in [Digest::Sha512, Digest::HmacSha256, Digest::HmacSha512] {
        assert_eq!(hints(OWN, (OWN, digest)), [("other_digest", Some(digest.name()))]);
        assert_eq!(hints(OWN, (OTHER, digest)), [("other_phrase", None), ("other_digest", Some(digest.name()))]);
    }
    assert_eq!(hints(" own-phrase\n", (OWN, Digest::Sha256)), [("trimmed_phrase", None)]);

    let matching = explained(message, message, &[], OWN, (OWN, Digest::Sha256));
    assert!(matching.matches && matching.hints.is_empty());
    assert_eq!(matching.canonical, "[phrase]a=1b=2[phrase]");
    assert_eq!(matching.parameters, ["a", "b"]);
}

#[test]
fn unsigned_messages_are_explained() {
    let mistakes = |message: &str| {
        let explanation = explain(&read_message(message).unwrap(), &[], &[phrase(OWN)], Digest::Sha256, &[]);
        assert!(!explanation.matches);
        explanation.hints.into_iter().map(|hint| hint.mistake).collect::<Vec<_>>()
    };
    assert_eq!(mistakes("a=1"), ["no_signature"]);
    assert_eq!(mistakes("a=1&signature="), ["no_signature"]);
    assert_eq!(mistakes("a=1&signature=12"), ["malformed_signature"]);
    let signature = sign(&read_form("a=1").unwrap(), &[], &phrase(OWN), Digest::Sha256);
    assert_eq!(mistakes(&format!("a=1&signature={signature}+")), ["malformed_signature", "trimmed_signature"]);
}

#[test]
fn explanations_hide_cards_and_phrases() {
    let message = r#"{"access_code":"has own-phrase in it","card_number":"4005 5500 0000 0001","card_security_code":"123",
        "expiry_date":"2705","nested":[{"cvv":"987"}],"own-phrase":"x","signature":"00"}"#;
    let explanation = explain(&read_params(message).unwrap(), &[], &[phrase(OWN)], Digest::Sha256, &[phrase(OTHER)]);
    assert_eq!(
        explanation.canonical,
        "[phrase]access_code=has [phrase] in itcard_number=**** **** **** ****card_security_code=***expiry_date=****\
         nested=[{cvv=***}][phrase]=x[phrase]"
    );
    let shown = format!("{explanation:?}");
    for secret in ["own-phrase", "4005", "123", "2705", "987"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// The work is bounded, and reaching the limit is reported: a message of the greatest size, with very many parameters.
#[test]
fn explanations_end() {
    let mut writer = Writer::new();
    writer.begin_object();
    for number in 0..90_000 {
        writer.name(&number.to_string());
        writer.string("");
    }
    writer.name("signature");
    writer.string(&"0".repeat(64));
    writer.end_object();
    let text = writer.finish();
    assert!(text.len() < MAX_BYTES);
    let started = std::time::Instant::now();
    let explanation = explain(&read_params(&text).unwrap(), &[], &[phrase(OWN)], Digest::Sha256, &[phrase(OTHER)]);
    let mistakes: Vec<_> = explanation.hints.iter().map(|hint| hint.mistake).collect();
    assert_eq!(mistakes, ["gave_up"]);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
