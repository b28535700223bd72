//! The service that is away, the card that is declined, and the one that pays.

use stepwell_task::testing;

use super::*;

fn charge(card_number: &str, payment_fails_first: u32) -> Charge {
    Charge {
        order_id: "7".to_owned(),
        total_cents: 4_340,
        card_number: card_number.to_owned(),
        payment_fails_first,
    }
}

fn charge_in_attempt(attempt: u32, charge: Charge) -> Result<Payment, TaskError> {
    let mut context = testing::context();
    context.state.attempt = attempt;
    testing::call_in(context, || charge_payment(charge))
}

#[test]
fn the_service_answers_once_it_has_failed_often_enough() {
    for attempt in 0..2 {
        let failure = charge_in_attempt(attempt, charge("4242 4242 4242 4242", 2)).unwrap_err();
        assert_eq!(failure.error(), "Payment.Unavailable");
    }
    assert_eq!(
        charge_in_attempt(2, charge("4242 4242 4242 4242", 2)),
        Ok(Payment {
            id: "payment-7".to_owned(),
            paid_cents: 4_340,
            card: "**** 4242".to_owned(),
            attempts: 3,
        })
    );
}

#[test]
fn a_card_without_funds_is_declined_by_another_name() {
    let failure = charge_payment(charge("4000 0000 0000 0002", 0)).unwrap_err();
    assert_eq!(failure, TaskError::new("Card.Declined", "**** 0002: insufficient funds"));
}

#[test]
fn a_mistyped_number_is_declined() {
    for number in ["4242 4242 4242 4224", "4242-4242-4242-4242", "", "0"] {
        let failure = charge_payment(charge(number, 0)).unwrap_err();
        assert_eq!(failure.cause(), "this is not the number of a card", "{number}");
    }
}

#[test]
fn an_order_that_says_nothing_about_failures_has_none() {
    let input = r#"{"order_id": "7", "total_cents": 1, "card_number": "4242424242424242"}"#;
    assert!(testing::call_json(input, charge_payment).unwrap().contains(r#""attempts":1"#));
}
