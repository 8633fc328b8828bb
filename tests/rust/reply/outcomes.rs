//! What a reply means for the operation.

use super::*;

#[test]
fn outcomes_follow_status_and_command() {
    use Outcome::{ActionRequired, Failed, Pending, Rejected, Succeeded, Uncertain};
    let outcome_of = |command: &str, code: &str| outcome(command, &code[..2], code, Facts::default());
    for (command, success, failure) in [
        ("AUTHORIZATION", "02000", "03666"),
        ("PURCHASE", "14000", "13666"),
        ("CAPTURE", "04000", "05042"),
        ("REFUND", "06000", "07048"),
        ("VOID_AUTHORIZATION", "08000", "09034"),
    ] {
        assert_eq!(outcome_of(command, success), Succeeded, "{command}");
        assert_eq!(outcome_of(command, failure), Failed, "{command}");
        for other in ["AUTHORIZATION", "PURCHASE", "CAPTURE", "REFUND", "VOID_AUTHORIZATION", "CHECK_STATUS", ""] {
            if other != command {
                assert_eq!(outcome_of(other, success), Uncertain, "{other}");
                assert_eq!(outcome_of(other, failure), Uncertain, "{other}");
            }
        }
        for code in ["01000", "10030", "19000", "20064", "40090"] {
            assert_eq!(outcome_of(command, code), Pending, "{code}");
        }
        for code in ["00001", "00002", "00008", "00027", "00034", "00042", "00072"] {
            assert_eq!(outcome_of(command, code), Rejected, "{code}");
        }
        for status in
            ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "13", "14", "15", "19", "20", "40"]
        {
            for message in ["006", "007", "047", "066", "662", "777", "778", "779", "780", "781", "784"] {
                assert_eq!(outcome_of(command, &format!("{status}{message}")), Uncertain, "{status}{message}");
            }
        }
        for code in ["15000", "11000", "12000", "16000", "99000", "25000"] {
            assert_eq!(outcome_of(command, code), Uncertain, "{code}");
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
    let outcome_of = |code: &str, last: Option<&str>| {
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
        assert_eq!(outcome_of("12000", Some(last)), expected, "{last}");
        assert_eq!(outcome_of("12036", Some(last)), Uncertain, "{last}");
        assert_eq!(outcome_of("11000", Some(last)), Uncertain, "{last}");
        assert_eq!(
            outcome("PURCHASE", "12", "12000", Facts { transaction_code: Some(last), ..Facts::default() }),
            Uncertain
        );
    }
    assert_eq!(outcome_of("12000", None), Uncertain);
    assert_eq!(outcome_of("00008", None), Rejected);
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
