//! `stepwell activity`: activities on a server, and work for them.

use std::path::Path;

use stepwell::{Object, Value};

use super::answer;
use crate::arguments::{Activity, ActivityCommand};
use crate::client::{Client, arn, text, texts};
use crate::printer::Printer;
use crate::{Ended, Exit, instant};

mod poll;

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Activity) -> Ended {
    match &options.command {
        ActivityCommand::List { listed } => {
            let client = Client::new(&listed.asked.remote.config(file)?)?;
            let member = "activities";
            let found = client.list("ListActivities", Object::new(), member, listed.limit)?;
            let output = listed.asked.output;
            answer::print_list(printer, output, (member, &found), "no activities", |activity| {
                let created = instant::shown(activity.get("creationDate"));
                [text(activity, "name").to_owned(), created]
            })?;
        }
        ActivityCommand::Create { name, asked } => {
            let client = Client::new(&asked.remote.config(file)?)?;
            let created = client.call("CreateActivity", texts([("name", Some(name.as_str()))]))?;
            let arn = |created: &Value| text(created, "activityArn").to_owned();
            answer::print(asked.output, &created, arn)?;
        }
        ActivityCommand::Delete { activity, remote } => {
            let client = Client::new(&remote.config(file)?)?;
            let arn = client.site.activity(activity);
            client.call("DeleteActivity", texts([("activityArn", Some(arn.as_str()))]))?;
            printer.say(format_args!("deleted {}", arn::short(&arn)));
        }
        ActivityCommand::Poll { activity, exec, worker, asked } => {
            let client = Client::new(&asked.remote.config(file)?)?;
            let arn = client.site.activity(activity);
            let request = texts([("activityArn", Some(&*arn)), ("workerName", worker.as_deref())]);
            let worker = poll::Worker { printer, client: &client, request };
            match exec {
                Some(command) => worker.work(command)?,
                None => worker.print_one(asked.output)?,
            }
        }
    }
    Ok(Exit::Success)
}
