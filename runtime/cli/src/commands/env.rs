//! `stepwell env`: the variables with which AWS SDKs and tools find the server.

use std::path::Path;

use crate::arguments::{Env, EnvShell};
use crate::client::Client;
use crate::config::{Config, keys};
use crate::json_text::ObjectText;
use crate::printer;
use crate::{Ended, Exit};

/// `StartSyncExecution` and `TestState` are called at `sync-HOST` unless a client is told not to.
const HOST_PREFIX: &str = "\
StartSyncExecution and TestState put `sync-` before the host. Let the client leave it away:
  boto3: Config(inject_host_prefix=False); JavaScript: disableHostPrefix: true
  other clients: let sync-localhost resolve to 127.0.0.1, and use http://localhost:PORT";

pub(crate) fn run(file: Option<&Path>, options: &Env) -> Ended {
    let config = options.remote.config(file)?;
    let client = Client::new(&config)?;
    printer::data(words(&variables(&config, &client), &config, options.shell))?;
    Ok(Exit::Success)
}

/// Clients want keys even where the server needs none.
fn variables(config: &Config, client: &Client) -> Vec<(&'static str, String)> {
    let mut variables = vec![
        ("AWS_ENDPOINT_URL_SFN", client.endpoint().to_owned()),
        ("AWS_REGION", client.site.region.clone()),
        ("AWS_DEFAULT_REGION", client.site.region.clone()),
    ];
    if config.access_keys.is_empty() {
        variables.push(("AWS_ACCESS_KEY_ID", "stepwell".to_owned()));
        variables.push(("AWS_SECRET_ACCESS_KEY", "stepwell".to_owned()));
    }
    if let Some(ca) = config.path(&keys::CA) {
        variables.push(("AWS_CA_BUNDLE", ca.display().to_string()));
    }
    variables
}

fn words(variables: &[(&str, String)], config: &Config, shell: EnvShell) -> String {
    let quoted = |text: &str| text.replace('\'', "'\\''");
    let line = |(name, value): &(&str, String)| match shell {
        EnvShell::Sh => format!("export {name}='{}'", quoted(value)),
        EnvShell::Fish => {
            format!("set -gx {name} '{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        EnvShell::Powershell => format!("$Env:{name} = '{}'", value.replace('\'', "''")),
        EnvShell::Json => String::new(),
    };
    if shell == EnvShell::Json {
        let add = |object: ObjectText, (name, value): &(&str, String)| object.text(name, value);
        return variables.iter().fold(ObjectText::new(), add).finish();
    }
    let mut lines: Vec<String> = variables.iter().map(line).collect();
    if !config.access_keys.is_empty() {
        let ids: Vec<&str> = config.access_keys.iter().map(|key| key.id.as_str()).collect();
        lines.push(format!("# AWS_ACCESS_KEY_ID is {}, with its secret", ids.join(" or ")));
    }
    lines.extend(HOST_PREFIX.lines().map(|line| format!("# {line}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests;
