//! The definitions of a folder, deployed as they change.

use std::path::Path;

use bytes::Bytes;
use stepwell::{Object, Value};
use stepwell_api::Api;
use tokio::runtime::Handle;

use super::Folder;
use super::snapshot::{Snapshot, is_definition};
use crate::arguments::MachineType;
use crate::client::CallError;
use crate::client::arn::Site;
use crate::commands::deploy::{Deployed, Wanted, deploy};
use crate::complaint::Complaint;
use crate::inputs;

/// A definition whose file is called so is an Express machine's.
const EXPRESS_SUFFIX: &str = ".express.asl.json";

#[derive(Debug)]
pub(super) struct Definitions {
    folder: Folder,
    api: Api,
    handle: Handle,
    site: Site,
    deployed: Snapshot,
}

impl Definitions {
    pub(super) fn new(
        folder: Folder,
        api: Api,
        handle: Handle,
        (region, account): (String, String),
    ) -> Self {
        let site = Site { region, account };
        Self { folder, api, handle, site, deployed: Snapshot::default() }
    }

    /// Deploys what is new or has changed. A machine whose file is gone stays.
    pub(super) fn look(&mut self) {
        let now = self.folder.snapshot(is_definition);
        for (path, state) in &now.0 {
            if self.deployed.0.get(path) != Some(state) {
                self.deploy(path);
            }
        }
        self.deployed = now;
    }

    /// A definition that is wrong is told of, and the one before it stays.
    fn deploy(&self, path: &Path) {
        let name = inputs::machine_name(path);
        let printer = self.folder.printer;
        match self.try_deploy(path, &name) {
            Ok(Deployed { done: "unchanged", .. }) => {}
            Ok(Deployed { done, .. }) => printer.say(format_args!("{done} {name}")),
            Err(complaint) => {
                complaint.print(printer);
                printer.say(format_args!("machine {name} is not deployed until that is corrected"));
            }
        }
    }

    fn try_deploy(&self, path: &Path, name: &str) -> Result<Deployed, Complaint> {
        let program = inputs::read_program(path)?;
        let is_express = path.to_str().is_some_and(|path| path.ends_with(EXPRESS_SUFFIX));
        let machine_type = if is_express { MachineType::Express } else { MachineType::Standard };
        let arn = self.site.machine(name);
        let wanted = Wanted {
            arn: &arn,
            name,
            definition: program.revision().text(),
            machine_type: Some(machine_type),
            role: None,
            publish: false,
            tags: &[],
        };
        deploy(&|operation, request| self.call(operation, request), wanted)
    }

    /// What a client's call would be answered.
    fn call(&self, operation: &str, request: Object) -> Result<Value, CallError> {
        let body = Bytes::from(Value::from(request).to_string());
        let reply = self.handle.block_on(self.api.call(operation, body));
        let answer = Value::parse(&reply.body).unwrap_or_default();
        match reply.status {
            200 => Ok(answer),
            status => Err(CallError::refused(&answer, status)),
        }
    }
}
