//! The core as it ships, in wasm: run in Node and in headless Chromium.
#![cfg(target_arch = "wasm32")]

use aps_payops::amount::Amount;
use aps_payops::currency::Currency;
use aps_payops::dictionary::Plan;
use aps_payops::dictionary::check::{Options, paths, validate};
use aps_payops::message::json::read_params;
use aps_payops::message::read_message;
use aps_payops::payment::{Operation, PaidBy, Payment};
use aps_payops::signature::{Digest, Phrase, sign, verify};
use wasm_bindgen_test::wasm_bindgen_test;

const PARAMS: &str = r#"{"access_code":"SILgpo7pWbmzuURp2qri","amount":"1000","command":"PURCHASE","currency":"USD",
    "customer_email":"test@gmail.com","language":"en","merchant_identifier":"MxvOupuG","merchant_reference":"Test010"}"#;
/// Published in APS's documentation for these parameters and the phrase PASS.
const SIGNATURE: &str = "94c38afc7bdae0114fc8c740edf12416f22998241ce4b4ea70d5521233a2c882";

fn phrase() -> Phrase {
    Phrase::new("PASS".into()).expect("not empty")
}

#[wasm_bindgen_test]
fn a_published_signature_reproduces() {
    let params = read_params(PARAMS).expect("JSON");
    assert_eq!(sign(&params, &[], &phrase(), Digest::Sha256), SIGNATURE);
    for digest in Digest::ALL {
        let signature = sign(&params, &[], &phrase(), digest);
        let message = PARAMS.replacen('{', &format!("{{\"signature\":\"{signature}\","), 1);
        let message = read_message(&message).expect("JSON");
        for other in Digest::ALL {
            assert_eq!(verify(&message, &[], &[phrase()], other), other == digest);
        }
    }
}

#[wasm_bindgen_test]
fn amounts_are_exact() {
    let kwd = Currency::from_code("KWD").expect("a currency");
    for minor in (1..10_000_000).step_by(997) {
        let amount = Amount::from_minor(minor, kwd).expect("in bounds");
        let mut text = String::new();
        amount.push_text(&mut text);
        assert_eq!(Amount::parse(&text, kwd), Ok(amount));
    }
    assert!(Amount::parse("1.0001", kwd).is_err());
}

#[wasm_bindgen_test]
fn the_dictionary_refuses_and_admits() {
    let purchase = Plan::find("PURCHASE").expect("a command");
    let read = read_params(PARAMS).expect("JSON");
    let params = paths(&read);
    assert!(validate(purchase, &params, &Options::default()).is_empty());
    let void = Plan::find("VOID_AUTHORIZATION").expect("a command");
    let codes: Vec<_> = validate(void, &params, &Options::default()).iter().map(|issue| issue.code.name()).collect();
    assert!(codes.contains(&"not_allowed") && codes.contains(&"unknown"));
}

#[wasm_bindgen_test]
fn a_payment_lives_by_its_rules() {
    let aed = Currency::from_code("AED").expect("a currency");
    let amount = |minor| Amount::from_minor(minor, aed).expect("in bounds");
    let payment = Payment::authorized(amount(100), 0, 7, PaidBy::default()).expect("a payment");
    let payment = payment.after(Operation::new("CAPTURE", Some(amount(30)), 1)).expect("captured");
    assert!(payment.after(Operation::new("CAPTURE", Some(amount(71)), 2)).is_err());
    assert!(payment.after(Operation::new("VOID_AUTHORIZATION", None, 2)).is_err());
    assert!(payment.after(Operation::new("CAPTURE", Some(amount(70)), 7 * 86_400_000)).is_err());
    assert_eq!(payment.at(7 * 86_400_000).refundable, amount(30));
}

#[cfg(not(feature = "server"))]
compile_error!("run with --features server: what is tested is what is shipped");
