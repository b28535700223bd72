//! `DeleteStateMachine`

use stepwell_value::Str;

use crate::arn::{Misread, Qualifier};
use crate::catalog::{Catalog, Decided, Named};
use crate::change::{Change, Write};
use crate::record::{Machine, MachineRecord, Status};
use crate::refusal::Refusal;

/// Whether a machine has executions that run, which the catalog does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupancy {
    Idle,
    /// It stays, as being deleted, until [`Catalog::finish_deletion`].
    Busy,
}

impl Catalog {
    /// Deletes a machine with its versions and aliases. One that is not there is deleted.
    pub fn delete_machine(&self, arn: &str, occupancy: Occupancy) -> Decided<()> {
        let Named { name, qualifier, machine } = self.named(arn)?;
        if qualifier != Qualifier::None {
            return Err(Refusal::InvalidArn(Misread::Kind("stateMachine")));
        }
        let writes = match (machine, occupancy) {
            (None, _) => Vec::new(),
            (Some(machine), Occupancy::Idle) => removal(&name, machine),
            (Some(machine), Occupancy::Busy) => match machine.record.status {
                Status::Active => {
                    let record =
                        MachineRecord { status: Status::Deleting, ..machine.record.clone() };
                    vec![Write::Machine { name, record: Some(record) }]
                }
                Status::Deleting => Vec::new(),
            },
        };
        Ok(self.decide((), writes))
    }

    /// The names of the machines that are being deleted: each goes once its last execution has
    /// ended.
    pub fn deleting(&self) -> impl Iterator<Item = &Str> {
        let is_deleting = |machine: &Machine| machine.record.status == Status::Deleting;
        self.machines.iter().filter(move |(_, machine)| is_deleting(machine)).map(|(name, _)| name)
    }

    /// Removes a machine that is being deleted and has no execution left. Nothing changes for one
    /// that is not being deleted.
    pub fn finish_deletion(&self, name: &str) -> Change {
        let machine = self.machines.get_key_value(name);
        let deleting = machine.filter(|(_, machine)| machine.record.status == Status::Deleting);
        let writes = deleting.map(|(name, machine)| removal(name, machine)).unwrap_or_default();
        self.decide((), writes).change
    }
}

/// Removes the parts first, so that at every moment each part has its machine.
fn removal(name: &Str, machine: &Machine) -> Vec<Write> {
    let owner = || Str::clone(name);
    let aliases = machine.aliases.keys().map(|alias| Write::Alias {
        machine: owner(),
        name: Str::clone(alias),
        record: None,
    });
    let versions = machine.versions.keys().map(|number| Write::Version {
        machine: owner(),
        number: *number,
        record: None,
    });
    let revisions = machine.revisions.keys().map(|id| Write::Revision {
        machine: owner(),
        id: id.clone(),
        record: None,
    });
    let superseded = machine.superseded.keys().map(|id| Write::Superseded {
        machine: owner(),
        id: id.clone(),
        record: None,
    });
    let whole = Write::Machine { name: owner(), record: None };
    aliases.chain(versions).chain(revisions).chain(superseded).chain([whole]).collect()
}
