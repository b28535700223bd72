//! Checks that a passport is genuine, valid and its holder's own.
//!
//! An applicant who cannot be verified is an answer, not a failure: the workflow decides what
//! follows. All dates are ISO 8601, which compare as text.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const ADULT_YEARS: u32 = 18;

#[derive(Deserialize)]
pub struct Application {
    submitted_on: String,
    applicant: Applicant,
    passport: Passport,
}

#[derive(Deserialize)]
struct Applicant {
    name: String,
    born_on: String,
}

#[derive(Deserialize)]
struct Passport {
    holder: String,
    number: String,
    check_digit: u32,
    expires_on: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Identity {
    verified: bool,
    reason: String,
}

#[task]
fn verify_identity(application: Application) -> Result<Identity, TaskError> {
    let Application { submitted_on, applicant, passport } = &application;
    let adult_on = years_later(&applicant.born_on, ADULT_YEARS)?;
    let expected = check_digit(&passport.number)?;
    log::debug!("the check digit of {} is {expected}", passport.number);

    let objection = if passport.check_digit != expected {
        Some(format!("the passport number {} has a wrong check digit", passport.number))
    } else if passport.expires_on < *submitted_on {
        Some(format!("the passport expired on {}", passport.expires_on))
    } else if !is_same_name(&passport.holder, &applicant.name) {
        Some(format!("the passport belongs to {}, not to {}", passport.holder, applicant.name))
    } else if adult_on > *submitted_on {
        Some(format!("{} is of age from {adult_on} only", applicant.name))
    } else {
        None
    };
    Ok(match objection {
        Some(reason) => Identity { verified: false, reason },
        None => Identity { verified: true, reason: "the passport is in order".to_owned() },
    })
}

/// The check digit of ICAO document 9303: digits count as themselves, letters from A = 10, the
/// filler `<` as 0, with the weights 7, 3 and 1 in turn.
fn check_digit(number: &str) -> Result<u32, TaskError> {
    let mut sum = 0;
    for (character, weight) in number.chars().zip([7, 3, 1].into_iter().cycle()) {
        let value = match character {
            '<' => 0,
            '0'..='9' | 'A'..='Z' => character.to_digit(36).expect("it is a digit or a letter"),
            _ => return Err(malformed("a passport number", number)),
        };
        sum += value * weight;
    }
    Ok(sum % 10)
}

fn years_later(date: &str, years: u32) -> Result<String, TaskError> {
    let (year, month_and_day) = date.split_once('-').ok_or_else(|| malformed("a date", date))?;
    let year: u32 = year.parse().map_err(|_| malformed("a date", date))?;
    Ok(format!("{:04}-{month_and_day}", year + years))
}

/// Case and spacing differ between forms and passports; anything else is another name.
fn is_same_name(one: &str, other: &str) -> bool {
    one.split_whitespace()
        .map(str::to_lowercase)
        .eq(other.split_whitespace().map(str::to_lowercase))
}

fn malformed(what: &str, text: &str) -> TaskError {
    TaskError::new("Identity.Malformed", format!("`{text}` is not {what}"))
}

#[cfg(test)]
mod tests;
