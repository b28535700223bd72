//! `ListExecutions`

use stepwell::{ExecutionId, Query, Status, Subject, Summary};
use stepwell_asl::MachineType;
use stepwell_catalog::arn::Misread;
use stepwell_catalog::{Arn, IncludedData, Page, Pager, Qualifier, Resource};
use stepwell_value::{Object, Str, Value};

use super::{not_of_this_type, status};
use crate::api::{Answer, Api};
use crate::clock::now;
use crate::exception::Exception;
use crate::request::{Request, Words};
use crate::response::{count, date, members, page};

/// A page's token may be longer here than elsewhere.
const TOKEN_LENGTH_MAX: usize = 3096;

#[derive(Clone, Copy, Debug)]
enum Wanted {
    Status(Status),
    /// Executions of a map run that is being redriven, and that wait for their turn.
    PendingRedrive,
}

static STATUSES: Words<Wanted> = Words {
    names: &["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"],
    values: &[
        Wanted::Status(Status::Succeeded),
        Wanted::Status(Status::TimedOut),
        Wanted::PendingRedrive,
        Wanted::Status(Status::Aborted),
        Wanted::Status(Status::Failed),
        Wanted::Status(Status::Running),
    ],
};

static REDRIVES: Words<bool> =
    Words { names: &["REDRIVEN", "NOT_REDRIVEN"], values: &[true, false] };

pub(in crate::operations) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let machine = asked.text_within("stateMachineArn", 1..=256);
    let map_run = asked.text_within("mapRunArn", 1..=2000);
    let wanted = asked.word("statusFilter", &STATUSES);
    let redriven = asked.word("redriveFilter", &REDRIVES);
    let wanted_page = asked.page();
    request.finish()?;
    let subject = subject(api, machine.as_ref(), map_run.as_ref())?;
    if map_run.is_none() && (redriven.is_some() || matches!(wanted, Some(Wanted::PendingRedrive))) {
        let message = "PENDING_REDRIVE and redriveFilter are supported with a mapRunArn only";
        return Err(Exception::validation(message));
    }
    let name = format!("executions of {}", machine.or(map_run).unwrap_or_default());
    let catalog = api.library().catalog();
    let pager = Pager::new(&wanted_page, &name, now(), catalog.limits(), TOKEN_LENGTH_MAX)?;
    drop(catalog);
    let status = match wanted {
        // An execution that waits for its turn is one that has ended, until it has it.
        Some(Wanted::PendingRedrive) => {
            return Ok(page("executions", Page { items: Vec::new(), next_token: None }, item));
        }
        Some(Wanted::Status(status)) => Some(status),
        None => None,
    };
    let before = pager.after().and_then(|key| key.parse().ok()).map(ExecutionId);
    let count_max = pager.items_max() + 1;
    let query = Query { subject, status, before, redriven, count_max };
    let found = api.stepwell().list(&query)?;
    let map_run = match found.first() {
        Some(first) => api.map_run_of(first)?,
        None => None,
    };
    let found = found.into_iter().map(|summary| (summary.execution.0.to_string().into(), summary));
    Ok(page("executions", pager.page(found), |summary| {
        let mut shown = item(summary);
        if let Some(arn) = &map_run {
            shown.insert("mapRunArn", Str::clone(arn));
        }
        shown
    }))
}

/// Whose executions are asked for, which has to be there.
fn subject(api: &Api, machine: Option<&Str>, map_run: Option<&Str>) -> Result<Subject, Exception> {
    match (machine, map_run) {
        (Some(arn), None) => of_machine(api, arn),
        (None, Some(arn)) => {
            let run = crate::operations::map_runs::summary(api, arn)?;
            Ok(Subject::Children(run.execution))
        }
        _ => {
            let message = "Exactly one of stateMachineArn and mapRunArn must be specified";
            Err(Exception::validation(message))
        }
    }
}

fn of_machine(api: &Api, arn: &Str) -> Result<Subject, Exception> {
    let Arn { resource, .. } = Arn::parse(arn).map_err(Exception::invalid_arn)?;
    let Resource::Machine { name, qualifier } = resource else {
        return Err(Exception::invalid_arn(Misread::Kind(resource.kind())));
    };
    let catalog = api.library().catalog();
    let subject = match &qualifier {
        Qualifier::Alias(_) => {
            catalog
                .describe_alias(arn)
                .map_err(|_missing| Exception::machine_does_not_exist(arn))?;
            Subject::Alias(Str::clone(arn))
        }
        Qualifier::Version(_) => Subject::Version(Str::clone(arn)),
        Qualifier::None | Qualifier::Label(_) => Subject::Machine(Str::clone(arn)),
    };
    let whole = Resource::Machine { name, qualifier: Qualifier::None }.at(catalog.site());
    let described = match &qualifier {
        Qualifier::Version(_) => catalog.describe_machine(arn, IncludedData::MetadataOnly)?,
        _ => catalog
            .describe_machine(&whole.to_string(), IncludedData::MetadataOnly)
            .map_err(|_missing| Exception::machine_does_not_exist(arn))?,
    };
    if described.machine_type == MachineType::Express {
        return Err(not_of_this_type());
    }
    Ok(subject)
}

fn item(summary: Summary) -> Object {
    let shown_status = status(summary.status());
    let Summary { opening, ending, redrives, .. } = summary;
    members([
        ("executionArn", Some(opening.arn.into())),
        ("stateMachineArn", opening.machine_arn.map(Value::from)),
        ("name", Some(opening.name.into())),
        ("status", Some(shown_status.into())),
        ("startDate", Some(date(opening.started_at))),
        ("stopDate", ending.map(|ending| date(ending.ended_at))),
        ("stateMachineVersionArn", opening.version_arn.map(Value::from)),
        ("stateMachineAliasArn", opening.alias_arn.map(Value::from)),
        ("redriveCount", Some(count(redrives.count.into()))),
        ("redriveDate", redrives.last_at.map(date)),
    ])
}
