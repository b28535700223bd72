//! Activities, and the work that their workers ask for.

use std::time::Duration;

use stepwell_catalog::{ActivityItem, NewActivity};
use stepwell_value::Object;
use tokio::time::timeout;

use super::settings;
use crate::api::{Answer, Api};
use crate::clock::now;
use crate::exception::Exception;
use crate::request::Request;
use crate::response::{date, members, page};

/// "If no task is available within 60 seconds, the poll returns a taskToken with a null string."
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) async fn create(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let new = NewActivity {
        name: asked.required("name"),
        encryption: settings::encryption(&asked),
        tags: settings::tags(&asked),
    };
    request.finish()?;
    drop(request);
    let created =
        api.library().change(|catalog, now, _| catalog.create_activity(&new, now)).await?;
    Ok(members([
        ("activityArn", Some(created.activity_arn.into())),
        ("creationDate", Some(date(created.created_at))),
    ]))
}

pub(super) fn describe(api: &Api, request: &Request) -> Answer {
    let arn = request.members().required_within("activityArn", 1..=256);
    request.finish()?;
    let activity = api.library().catalog().describe_activity(&arn)?;
    Ok(members([
        ("activityArn", Some(activity.activity_arn.into())),
        ("name", Some(activity.name.into())),
        ("creationDate", Some(date(activity.created_at))),
        ("encryptionConfiguration", Some(settings::shown_encryption(&activity.encryption))),
    ]))
}

pub(super) async fn delete(api: &Api, request: Request) -> Answer {
    let arn = request.members().required_within("activityArn", 1..=256);
    request.finish()?;
    drop(request);
    api.library().change(|catalog, _, _| catalog.delete_activity(&arn)).await?;
    Ok(Object::new())
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members().page();
    request.finish()?;
    let found = api.library().catalog().activities(&asked, now())?;
    Ok(page("activities", found, |item: ActivityItem| {
        members([
            ("activityArn", Some(item.activity_arn.into())),
            ("name", Some(item.name.into())),
            ("creationDate", Some(date(item.created_at))),
        ])
    }))
}

/// Waits for work. A caller who hangs up leaves the work where it is.
pub(super) async fn take(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("activityArn", 1..=256);
    let worker = asked.text_within("workerName", 1..=80);
    request.finish()?;
    drop(request);
    api.library().catalog().describe_activity(&arn)?;
    let _place = api.pollers().enter(&arn)?;
    let taken = timeout(PATIENCE, api.stepwell().take_activity(&arn, worker));
    let taken = tokio::select! {
        taken = taken => taken,
        () = api.closed() => return Ok(Object::new()),
    };
    match taken {
        Ok(Ok(work)) => Ok(members([
            ("taskToken", Some(work.token.into())),
            ("input", Some(work.input.text().into())),
        ])),
        Ok(Err(lost)) => Err(Exception::unavailable(lost.to_string())),
        Err(_elapsed) => Ok(Object::new()),
    }
}
