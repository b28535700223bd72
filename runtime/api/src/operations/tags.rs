//! Tags of machines and activities.

use stepwell_value::Object;

use super::settings;
use crate::api::{Answer, Api};
use crate::request::Request;
use crate::response::members;

pub(super) async fn tag(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("resourceArn", 1..=256);
    if asked.structures("tags").is_none() {
        asked.missing("tags", ());
    }
    let tags = settings::tags(&asked);
    request.finish()?;
    drop(request);
    api.library().change(|catalog, _, _| catalog.tag_resource(&arn, &tags)).await?;
    Ok(Object::new())
}

pub(super) async fn untag(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("resourceArn", 1..=256);
    let keys = asked.texts("tagKeys").unwrap_or_else(|| asked.missing("tagKeys", Vec::new()));
    request.finish()?;
    drop(request);
    api.library().change(|catalog, _, _| catalog.untag_resource(&arn, &keys)).await?;
    Ok(Object::new())
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let arn = request.members().required_within("resourceArn", 1..=256);
    request.finish()?;
    let tags = api.library().catalog().tags_of(&arn)?;
    Ok(members([("tags", Some(settings::shown_tags(tags)))]))
}
