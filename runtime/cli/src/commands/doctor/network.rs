//! What is reached by the network: the server, its clock, and the name that some clients call.

use std::net::{IpAddr, ToSocketAddrs};
use std::time::{Duration, SystemTime};

use super::{Check, Finding};
use crate::client::{Client, Page};
use crate::complaint::Complaint;
use crate::config::Config;
use crate::duration::Took;

/// Beyond this AWS's way of signing refuses requests.
const SKEW_MAX: Duration = Duration::from_mins(5);

pub(super) fn checks(config: &Config) -> Vec<Check> {
    let client = match Client::new(config) {
        Ok(client) => client,
        Err(complaint) => return vec![("server", Finding::Bad(complaint))],
    };
    let mut checks = Vec::new();
    match client.page("/healthz") {
        Ok(page) if page.status == 200 => {
            checks.push(("server", Finding::Good(format!("{} answers", client.endpoint()))));
            checks.push(("clock", clock(&page, SystemTime::now())));
        }
        Ok(page) => {
            let error = format!("{} answers with status {}", client.endpoint(), page.status);
            let complaint = Complaint::new(error).hint("is there another program at this address?");
            checks.push(("server", Finding::Bad(complaint)));
        }
        Err(error) => checks.push(("server", Finding::Odd(error.into()))),
    }
    checks.push(("sync- prefix", host_prefix(client.endpoint())));
    checks
}

fn clock(page: &Page, now: SystemTime) -> Finding {
    let date = page.date.as_deref().and_then(|date| httpdate::parse_http_date(date).ok());
    let Some(date) = date else {
        return Finding::Odd(Complaint::new("the server does not say what time it is"));
    };
    let skew = now.duration_since(date).unwrap_or_else(|before| before.duration());
    if skew < SKEW_MAX {
        return Finding::Good("it agrees with that of the server".to_owned());
    }
    let error = format!("it is {} off from that of the server", Took(skew));
    Finding::Bad(Complaint::new(error).hint("signed requests are refused; set the clock"))
}

/// Unless they are told not to, SDKs put `sync-` before the host for two operations.
fn host_prefix(endpoint: &str) -> Finding {
    let authority = endpoint.split("//").nth(1).unwrap_or_default();
    let authority = authority.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    let host = if is_address { "localhost" } else { host };
    let name = format!("sync-{host}");
    match (name.as_str(), 80).to_socket_addrs() {
        Ok(_) => Finding::Good(format!("{name} resolves")),
        Err(_unknown) => {
            Finding::Odd(Complaint::new(format_args!("{name} does not resolve")).hint(
                "StartSyncExecution and TestState of AWS SDKs want it; `stepwell env` tells \
                       how to do without",
            ))
        }
    }
}

#[cfg(test)]
mod tests;
