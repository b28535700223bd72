//! One reason after the other for which a passport is not accepted.

use super::*;

fn application() -> Application {
    Application {
        submitted_on: "2026-03-01".to_owned(),
        applicant: Applicant { name: "Noor Haddad".to_owned(), born_on: "1994-08-17".to_owned() },
        passport: Passport {
            holder: "NOOR  HADDAD".to_owned(),
            number: "K7F20194<".to_owned(),
            check_digit: check_digit("K7F20194<").unwrap(),
            expires_on: "2031-05-30".to_owned(),
        },
    }
}

#[track_caller]
fn check(change: impl FnOnce(&mut Application), expected: &str) {
    let mut application = application();
    change(&mut application);
    let identity = verify_identity(application).unwrap();
    assert_eq!((identity.verified, identity.reason.as_str()), (false, expected));
}

#[test]
fn a_genuine_passport_of_the_applicant_is_in_order() {
    assert_eq!(
        verify_identity(application()).unwrap(),
        Identity { verified: true, reason: "the passport is in order".to_owned() }
    );
}

#[test]
fn check_digits_follow_the_standard() {
    // The specimen of the standard itself, and a sum by hand: 1 * 7 + 2 * 3 + 10 * 1 = 23.
    assert_eq!(check_digit("L898902C3"), Ok(6));
    assert_eq!(check_digit("12A"), Ok(3));
    assert_eq!(check_digit("12-A").unwrap_err().cause(), "`12-A` is not a passport number");
}

#[test]
fn a_mistyped_number_is_noticed() {
    check(
        |application| application.passport.number = "K7F20195<".to_owned(),
        "the passport number K7F20195< has a wrong check digit",
    );
}

#[test]
fn an_expired_passport_is_refused() {
    check(
        |application| application.passport.expires_on = "2026-02-28".to_owned(),
        "the passport expired on 2026-02-28",
    );
}

#[test]
fn another_holders_passport_is_refused() {
    check(
        |application| application.passport.holder = "Nora Haddad".to_owned(),
        "the passport belongs to Nora Haddad, not to Noor Haddad",
    );
}

#[test]
fn a_minor_is_refused_until_the_birthday() {
    check(
        |application| application.applicant.born_on = "2008-03-02".to_owned(),
        "Noor Haddad is of age from 2026-03-02 only",
    );
    let mut application = application();
    application.applicant.born_on = "2008-03-01".to_owned();
    assert!(verify_identity(application).unwrap().verified);
}

#[test]
fn a_date_that_is_none_fails_the_task() {
    let mut application = application();
    application.applicant.born_on = "last May".to_owned();
    let failure = verify_identity(application).unwrap_err();
    assert_eq!(failure.error(), "Identity.Malformed");
}

#[test]
fn the_examples_inputs_are_in_order_but_for_the_declined_one() {
    for (input, verified) in [
        (include_str!("../../../inputs/good.json"), true),
        (include_str!("../../../inputs/risky.json"), true),
        (include_str!("../../../inputs/declined.json"), false),
    ] {
        let identity = stepwell_task::testing::call_json(input, verify_identity).unwrap();
        assert!(identity.starts_with(&format!(r#"{{"verified":{verified},"#)), "{identity}");
    }
}
