//! The score of a spotless applicant, and what each factor takes from it.

use super::*;

const SPOTLESS: Finances = Finances {
    yearly_income: 60_000,
    monthly_debt_payments: 500,
    credit_limit: 10_000,
    credit_in_use: 1_000,
    years_of_credit: 15,
    late_payments: 0,
};

#[track_caller]
fn score(requested_limit: u32, finances: Finances) -> u32 {
    score_credit(Application { requested_limit, finances }).unwrap().score
}

#[test]
fn a_spotless_applicant_gets_the_highest_score() {
    let credit = score_credit(Application { requested_limit: 9_000, finances: SPOTLESS }).unwrap();
    assert_eq!((credit.score, &credit.risk), (850, &Risk::Low));
    assert!(credit.factors.iter().all(|factor| factor.points == factor.of), "{credit:?}");
}

#[test]
fn the_lowest_score_is_three_hundred() {
    let finances = Finances {
        yearly_income: 12_000,
        monthly_debt_payments: 600,
        credit_limit: 1_000,
        credit_in_use: 5_000,
        years_of_credit: 0,
        late_payments: 9,
    };
    let credit = score_credit(Application { requested_limit: 9_000, finances }).unwrap();
    assert_eq!((credit.score, credit.risk), (300, Risk::High));
}

#[test]
fn each_late_payment_costs_a_fifth_of_its_factor() {
    assert_eq!(score(9_000, Finances { late_payments: 1, ..SPOTLESS }), 850 - 192 + 153);
    assert_eq!(score(9_000, Finances { late_payments: 5, ..SPOTLESS }), 850 - 192);
}

#[test]
fn half_the_credit_in_use_costs_four_ninths_of_its_factor() {
    assert_eq!(score(9_000, Finances { credit_in_use: 5_000, ..SPOTLESS }), 850 - 165 + 91);
}

#[test]
fn a_larger_request_is_a_larger_burden() {
    // 500 and 45,000 / 30 are 40 % of 5,000: half of the factor.
    assert_eq!(score(45_000, SPOTLESS), 850 - 55);
}

#[test]
fn who_never_had_credit_uses_none_and_has_no_history() {
    let finances = Finances { credit_limit: 0, credit_in_use: 0, years_of_credit: 0, ..SPOTLESS };
    assert_eq!(score(9_000, finances), 850 - 83);
}

#[test]
fn without_an_income_there_is_no_score() {
    let finances = Finances { yearly_income: 0, ..SPOTLESS };
    let failure = score_credit(Application { requested_limit: 9_000, finances }).unwrap_err();
    assert_eq!(failure.error(), "Credit.NoIncome");
}

#[test]
fn the_examples_inputs_have_the_risks_that_their_names_say() {
    let good = include_str!("../../../inputs/good.json");
    let risky = include_str!("../../../inputs/risky.json");
    for (input, risk) in [(good, r#""risk":"low""#), (risky, r#""risk":"medium""#)] {
        let credit = stepwell_task::testing::call_json(input, score_credit).unwrap();
        assert!(credit.contains(risk), "{credit}");
    }
}
