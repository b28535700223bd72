//! `GetExecutionHistory`

use stepwell::HistoryEvent;
use stepwell_catalog::Pager;
use stepwell_value::Str;
use stepwell_wire::{self as wire, Data};

use crate::api::{Answer, Api, PAGE_BYTES_MAX, PAGE_TOKEN_LENGTH_MAX};
use crate::clock::now;
use crate::request::Request;
use crate::response::page;

pub(super) fn history(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("executionArn", 1..=256);
    let is_reversed = asked.flag("reverseOrder").unwrap_or(false);
    let data = match asked.flag("includeExecutionData") {
        Some(false) => Data::LeftOut,
        None | Some(true) => Data::Whole,
    };
    let wanted = asked.page();
    request.finish()?;
    let summary = super::executions::summary(api, &arn)?;
    let order = if is_reversed { "reversed" } else { "in order" };
    let subject = format!("history of {arn}, {order}");
    let catalog = api.library().catalog();
    let pager = Pager::new(&wanted, &subject, now(), catalog.limits(), PAGE_TOKEN_LENGTH_MAX)?;
    drop(catalog);
    let region = api.region();
    let after: Option<u64> = pager.after().and_then(|key| key.parse().ok());
    let events = api.history_of(&summary)?;
    let keyed = |event: HistoryEvent| (Str::from(event.id.to_string()), event);
    let bytes = |event: &HistoryEvent| wire::event_bytes(&event.detail);
    let found = if is_reversed {
        let rest = events.into_iter().rev();
        let rest = rest.skip_while(|event| after.is_some_and(|after| event.id >= after));
        pager.page_within(rest.map(keyed), PAGE_BYTES_MAX, bytes)
    } else {
        let skipped = after.and_then(|after| usize::try_from(after).ok()).unwrap_or(0);
        let rest = events.into_iter().skip(skipped);
        pager.page_within(rest.map(keyed), PAGE_BYTES_MAX, bytes)
    };
    Ok(page("events", found, |event| wire::event(&event, data, &region)))
}
