//! Scores how likely an applicant is to pay, from 300 to 850.
//!
//! Four factors share the 550 points between the ends: payments on time (35 %), how much of the
//! existing credit is in use (30 %), what the debts take from the income (20 %), and how long there
//! has been credit at all (15 %). The same application always gets the same score.

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const SCORE_MIN: u32 = 300;
/// From this score on an application is approved without further questions.
const LOW_RISK_MIN: u32 = 680;
/// From this score on a human decides; below it nobody does.
const MEDIUM_RISK_MIN: u32 = 560;

#[derive(Deserialize)]
pub struct Application {
    requested_limit: u32,
    finances: Finances,
}

#[derive(Clone, Deserialize)]
struct Finances {
    yearly_income: u32,
    monthly_debt_payments: u32,
    credit_limit: u32,
    credit_in_use: u32,
    years_of_credit: u32,
    late_payments: u32,
}

#[derive(Debug, Serialize)]
pub struct Credit {
    score: u32,
    risk: Risk,
    factors: [Factor; 4],
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Risk {
    Low,
    Medium,
    High,
}

#[derive(Debug, PartialEq, Serialize)]
struct Factor {
    name: &'static str,
    points: u32,
    of: u32,
}

#[task]
fn score_credit(application: Application) -> Result<Credit, TaskError> {
    let finances = &application.finances;
    if finances.yearly_income == 0 {
        return Err(TaskError::new("Credit.NoIncome", "without an income there is no score"));
    }
    let factors = [
        payments(finances),
        utilisation(finances),
        burden(finances, application.requested_limit),
        history(finances),
    ];
    let score = SCORE_MIN + factors.iter().map(|factor| factor.points).sum::<u32>();
    let risk = match score {
        LOW_RISK_MIN.. => Risk::Low,
        MEDIUM_RISK_MIN.. => Risk::Medium,
        _ => Risk::High,
    };
    log::info!("a score of {score}: {risk:?} risk");
    Ok(Credit { score, risk, factors })
}

/// Each late payment of the last two years costs a fifth.
fn payments(finances: &Finances) -> Factor {
    let missed = finances.late_payments.min(5);
    Factor { name: "payments on time", points: share(192, 5 - missed, 5), of: 192 }
}

/// All points up to a tenth of the credit in use, none when all of it is.
fn utilisation(finances: &Finances) -> Factor {
    let used = percent(finances.credit_in_use, finances.credit_limit).clamp(10, 100);
    Factor { name: "credit in use", points: share(165, 100 - used, 90), of: 165 }
}

/// All points up to a fifth of the monthly income, none from three fifths on. The card asked for
/// counts as if a thirtieth of its limit were paid back each month.
fn burden(finances: &Finances, requested_limit: u32) -> Factor {
    let payments = finances.monthly_debt_payments.saturating_add(requested_limit / 30);
    let burden = percent(payments, finances.yearly_income / 12).clamp(20, 60);
    Factor { name: "burden on the income", points: share(110, 60 - burden, 40), of: 110 }
}

/// All points from fifteen years on.
fn history(finances: &Finances) -> Factor {
    Factor {
        name: "years of credit",
        points: share(83, finances.years_of_credit.min(15), 15),
        of: 83,
    }
}

fn share(points: u32, part: u32, whole: u32) -> u32 {
    points * part / whole
}

/// A part of nothing is no part at all: who has no credit uses none.
fn percent(part: u32, whole: u32) -> u32 {
    let percent = (u64::from(part) * 100).checked_div(u64::from(whole)).unwrap_or(0);
    u32::try_from(percent).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
