//! Which execution is meant by a name.

use super::arn::{Called, short};
use super::{CallError, Client, text, texts};
use crate::complaint::Complaint;
use crate::visible::Visible;

/// How many machines are asked whether they have an execution of a name.
const MACHINES_MAX: usize = 10_000;

impl Client {
    /// The execution's ARN. Its name alone is enough where one machine alone has it.
    pub(crate) fn execution(&self, called: &str) -> Result<String, Complaint> {
        let name = match self.site.execution(called) {
            Called::Arn(arn) => return Ok(arn),
            Called::Name(name) => name,
        };
        let machines = self.list("ListStateMachines", texts([]), "stateMachines", MACHINES_MAX)?;
        let mut found = Vec::new();
        for machine in &machines {
            let called = format!("{}:{name}", text(machine, "name"));
            let Called::Arn(arn) = self.site.execution(&called) else { continue };
            let request = texts([("executionArn", Some(arn.as_str()))]);
            match self.call("DescribeExecution", request) {
                Ok(_) => found.push(arn),
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let shown = Visible(&name);
        match found.as_slice() {
            [arn] => Ok(arn.clone()),
            [] => Err(Complaint::new(format_args!("no machine has an execution `{shown}`"))
                .hint("`stepwell exec list` shows what is there")),
            several => {
                let several: Vec<&str> = several.iter().map(|arn| short(arn)).collect();
                let error = format_args!("several machines have an execution `{shown}`");
                Err(Complaint::new(error)
                    .hint(format_args!("name one as {}", several.join(" or "))))
            }
        }
    }
}

/// A name that no execution of the machine can have is no error here.
fn is_missing(error: &CallError) -> bool {
    ["ExecutionDoesNotExist", "InvalidArn"].iter().any(|name| error.is_refused_as(name))
}
