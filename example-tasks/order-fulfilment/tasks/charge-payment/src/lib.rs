//! Charges a card at a payment service that is not always there.
//!
//! The service of this example lives in the code. The order says how many attempts find it
//! unavailable, so that the same order always takes the same course. A service that is away is
//! worth another attempt; a card that is declined is not, so the two failures have two names.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, context, log, task};

#[derive(Deserialize)]
pub struct Charge {
    order_id: String,
    total_cents: u32,
    card_number: String,
    #[serde(default)]
    payment_fails_first: u32,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Payment {
    id: String,
    paid_cents: u32,
    card: String,
    attempts: u32,
}

#[task]
fn charge_payment(charge: Charge) -> Result<Payment, TaskError> {
    let context = context();
    let attempt = context.state.attempt;
    log::info!("attempt {attempt} to charge {} cents", charge.total_cents);
    if attempt < charge.payment_fails_first {
        return Err(TaskError::new(
            "Payment.Unavailable",
            format!("the payment service did not answer attempt {attempt}"),
        ));
    }
    let card = masked(&charge.card_number)?;
    if charge.card_number.ends_with("0002") {
        return Err(TaskError::new("Card.Declined", format!("{card}: insufficient funds")));
    }
    // A real service gets the key with the request and recognises a repetition by it.
    log::debug!("charged with the idempotency key {}", context.idempotency_key);
    Ok(Payment {
        id: format!("payment-{}", charge.order_id),
        paid_cents: charge.total_cents,
        card,
        attempts: attempt + 1,
    })
}

/// The number as it may be shown, if it is one.
fn masked(number: &str) -> Result<String, TaskError> {
    let digits: Option<Vec<u32>> =
        number.chars().filter(|c| *c != ' ').map(|c| c.to_digit(10)).collect();
    match digits.as_deref() {
        Some(digits @ [.., a, b, c, d]) if is_luhn(digits) => Ok(format!("**** {a}{b}{c}{d}")),
        _ => Err(TaskError::new("Card.Declined", "this is not the number of a card")),
    }
}

/// The check that every card number passes: every second digit from the right is doubled, and the
/// sum of all digits ends in zero.
fn is_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, factor)| digit * factor)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
