use std::time::Duration;

use stepwell_asl::Timestamp;
use stepwell_value::Str;

use super::{Page, PageRequest, Pager, TOKEN_LENGTH_MAX};
use crate::limits::Limits;
use crate::refusal::Refusal;

const NOW: Timestamp = Timestamp::EPOCH;

fn page(request: &PageRequest, now: Timestamp) -> Result<Page<String>, Refusal> {
    let keys: Vec<String> = (0..250).map(|number| format!("{number:03}")).collect();
    let pager = Pager::new(request, "kettles", now, &Limits::default(), TOKEN_LENGTH_MAX)?;
    let rest = keys.iter().filter(|key| pager.after().is_none_or(|after| ***key > **after));
    Ok(pager.page(rest.map(|key| (key.as_str().into(), key.clone()))))
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap() {
    let mut request = PageRequest { max_results: Some(99), next_token: None };
    let mut sizes = Vec::new();
    let mut all = Vec::new();
    loop {
        let page = page(&request, NOW).unwrap();
        sizes.push(page.items.len());
        all.extend(page.items);
        request.next_token = page.next_token;
        if request.next_token.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [99, 99, 52]);
    assert_eq!(all.len(), 250);
    assert!(all.is_sorted());
}

#[test]
fn a_page_has_a_hundred_items_unless_said_otherwise() {
    for (asked, expected) in [(None, 100), (Some(0), 100), (Some(250), 250), (Some(1000), 250)] {
        let page = page(&PageRequest { max_results: asked, next_token: None }, NOW).unwrap();
        assert_eq!(page.items.len(), expected);
        let asked = PageRequest { max_results: asked, next_token: None };
        let pager = Pager::new(&asked, "kettles", NOW, &Limits::default(), TOKEN_LENGTH_MAX);
        assert_eq!(pager.unwrap().items_max().min(250), expected);
        assert_eq!(page.next_token.is_none(), expected == 250);
    }
}

#[test]
fn numbers_and_tokens_have_bounds() {
    let prefix = "1 validation error detected: Value '";
    let table = [
        (
            Some(1001),
            None,
            "1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
        ),
        (
            Some(-1),
            None,
            "-1' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0",
        ),
        (
            None,
            Some(""),
            "' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
    ];
    for (max_results, token, expected) in table {
        let request = PageRequest { max_results, next_token: token.map(Into::into) };
        let shown = page(&request, NOW).unwrap_err().to_string();
        assert_eq!(shown, format!("{prefix}{expected}"));
    }
    let long = PageRequest { max_results: None, next_token: Some("f".repeat(1025).into()) };
    assert!(matches!(page(&long, NOW), Err(Refusal::Validation(_))));
    let for_long_tokens = Pager::new(&long, "kettles", NOW, &Limits::default(), 1025);
    assert_eq!(for_long_tokens.unwrap_err(), Refusal::InvalidToken, "it is not too long there");
}

#[test]
fn a_token_is_good_for_a_day_and_for_its_own_list() {
    let first = PageRequest { max_results: Some(1), next_token: None };
    let token = page(&first, NOW).unwrap().next_token.unwrap();
    let second = PageRequest { max_results: Some(1), next_token: Some(Str::clone(&token)) };
    let day = Duration::from_hours(24);
    assert_eq!(page(&second, NOW.saturating_add(day)).unwrap().items, ["001"]);
    let later = NOW.saturating_add(day + Duration::from_millis(1));
    assert_eq!(page(&second, later), Err(Refusal::InvalidToken));
    let other = Pager::new(&second, "vats", NOW, &Limits::default(), TOKEN_LENGTH_MAX);
    assert_eq!(other.unwrap_err(), Refusal::InvalidToken);
    let altered = token.replace("303030", "303130");
    for wrong in ["InvalidToken", "00", "f", "ä", &altered, token.split_at(2).1] {
        let request = PageRequest { max_results: None, next_token: Some(wrong.into()) };
        assert_eq!(page(&request, NOW), Err(Refusal::InvalidToken), "{wrong}");
    }
}

#[test]
fn the_longest_name_fits_into_a_token() {
    let name = "\u{1f37a}".repeat(80);
    let pager = Pager::new(
        &PageRequest { max_results: Some(1), next_token: None },
        "x",
        NOW,
        &Limits::default(),
        TOKEN_LENGTH_MAX,
    );
    let items = [name.as_str(), "z"].map(|name| (name.into(), ()));
    let token = pager.unwrap().page(items.into_iter()).next_token.unwrap();
    assert!(token.len() <= 1024, "{}", token.len());
}
