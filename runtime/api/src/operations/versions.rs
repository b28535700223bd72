//! Versions of state machines.

use stepwell_catalog::VersionItem;
use stepwell_value::Object;

use crate::api::{Answer, Api};
use crate::clock::now;
use crate::request::Request;
use crate::response::{date, members, page};

pub(super) async fn publish(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("stateMachineArn", 1..=256);
    let (revision, description) = (asked.text("revisionId"), asked.text("description"));
    request.finish()?;
    drop(request);
    let published = api
        .library()
        .change(|catalog, now, _| {
            catalog.publish_version(&arn, revision.as_deref(), description, now)
        })
        .await?;
    Ok(members([
        ("creationDate", Some(date(published.created_at))),
        ("stateMachineVersionArn", Some(published.version_arn.into())),
    ]))
}

pub(super) async fn delete(api: &Api, request: Request) -> Answer {
    let arn = request.members().required_within("stateMachineVersionArn", 1..=2000);
    request.finish()?;
    drop(request);
    api.library().change(|catalog, _, _| catalog.delete_version(&arn)).await?;
    Ok(Object::new())
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("stateMachineArn", 1..=256);
    let wanted = asked.page();
    request.finish()?;
    let found = api.library().catalog().versions(&arn, &wanted, now())?;
    Ok(page("stateMachineVersions", found, |item: VersionItem| {
        members([
            ("stateMachineVersionArn", Some(item.version_arn.into())),
            ("creationDate", Some(date(item.created_at))),
        ])
    }))
}
