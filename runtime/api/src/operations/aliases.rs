//! Aliases: names that lead to versions.

use stepwell_catalog::{AliasItem, AliasUpdate, NewAlias, Route};
use stepwell_value::{Object, Value};

use crate::api::{Answer, Api};
use crate::clock::now;
use crate::request::{Members, Request};
use crate::response::{date, members, page};

pub(super) async fn create(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let new = NewAlias {
        name: asked.required("name"),
        description: asked.text("description"),
        routes: routes(&asked).unwrap_or_else(|| asked.missing("routingConfiguration", Vec::new())),
    };
    request.finish()?;
    drop(request);
    let created = api.library().change(|catalog, now, _| catalog.create_alias(&new, now)).await?;
    Ok(item(created))
}

pub(super) async fn update(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let update = AliasUpdate {
        alias_arn: asked.required_within("stateMachineAliasArn", 1..=256),
        description: asked.text("description"),
        routes: routes(&asked),
    };
    request.finish()?;
    drop(request);
    let updated_at =
        api.library().change(|catalog, now, _| catalog.update_alias(&update, now)).await?;
    Ok(members([("updateDate", Some(date(updated_at)))]))
}

fn routes(asked: &Members<'_>) -> Option<Vec<Route>> {
    let route = |route: Members<'_>| Route {
        version_arn: route.required_within("stateMachineVersionArn", 1..=256),
        weight: route.int("weight").unwrap_or_else(|| route.missing("weight", 0)),
    };
    Some(asked.structures("routingConfiguration")?.into_iter().map(route).collect())
}

pub(super) fn describe(api: &Api, request: &Request) -> Answer {
    let arn = request.members().required_within("stateMachineAliasArn", 1..=256);
    request.finish()?;
    let alias = api.library().catalog().describe_alias(&arn)?;
    let route = |route: Route| {
        members([
            ("stateMachineVersionArn", Some(route.version_arn.into())),
            ("weight", Some(route.weight.into())),
        ])
    };
    let routes: Vec<Value> = alias.routes.into_iter().map(route).map(Value::from).collect();
    Ok(members([
        ("stateMachineAliasArn", Some(alias.alias_arn.into())),
        ("name", Some(alias.name.into())),
        ("description", alias.description.map(Value::from)),
        ("routingConfiguration", Some(routes.into())),
        ("creationDate", Some(date(alias.created_at))),
        ("updateDate", Some(date(alias.updated_at))),
    ]))
}

pub(super) async fn delete(api: &Api, request: Request) -> Answer {
    let arn = request.members().required_within("stateMachineAliasArn", 1..=256);
    request.finish()?;
    drop(request);
    api.library().change(|catalog, _, _| catalog.delete_alias(&arn)).await?;
    Ok(Object::new())
}

pub(super) fn list(api: &Api, request: &Request) -> Answer {
    let asked = request.members();
    let arn = asked.required_within("stateMachineArn", 1..=256);
    let wanted = asked.page();
    request.finish()?;
    let found = api.library().catalog().aliases(&arn, &wanted, now())?;
    Ok(page("stateMachineAliases", found, item))
}

fn item(item: AliasItem) -> Object {
    members([
        ("stateMachineAliasArn", Some(item.alias_arn.into())),
        ("creationDate", Some(date(item.created_at))),
    ])
}
