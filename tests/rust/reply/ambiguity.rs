//! Signed text that can be read in another way.

use super::*;

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

/// Signs `genuine` and opens `cut`, which splits the same text differently.
fn open_split_differently(genuine: &[(&str, &str)], cut: &[(&str, &str)]) -> Result<(), ReplyError> {
    let text = |members: &[(&str, &str)]| {
        let mut text = String::new();
        canonical(&params(members), &[], &mut text);
        text
    };
    assert_eq!(text(genuine), text(cut));
    let signature = sign(&params(genuine), &[], &phrase(RESPONSE), Digest::Sha256);
    opened(&json(&params(cut), Some(&signature)), &NOTHING).map(|_| ())
}

/// `PURCHASE` without the given names.
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
        assert_eq!(open_split_differently(&genuine, &cut), ambiguous("amount"), "{chosen}");
        // The amount hidden altogether.
        let cut = purchase(&["amount"], &[(chosen, before), ("cashback_wallet_amount", "1000")]);
        let value = format!("{before}cashback_wallet_");
        assert_eq!(open_split_differently(&purchase(&[], &[(chosen, &value)]), &cut), ambiguous("amount"), "{chosen}");
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
        include_str!("../../../src/dictionary/dictionary.toml").lines().filter_map(|line| line.split_once(" = { kind"));
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
