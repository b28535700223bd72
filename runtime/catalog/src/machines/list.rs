//! `ListStateMachines`

use std::ops::Bound;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_value::Str;

use crate::arn::Qualifier;
use crate::catalog::Catalog;
use crate::page::{Page, PageRequest, Pager, TOKEN_LENGTH_MAX};
use crate::refusal::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineItem {
    pub arn: Str,
    pub name: Str,
    pub machine_type: MachineType,
    pub created_at: Timestamp,
}

impl Catalog {
    /// The machines by their names, those that are being deleted included.
    pub fn machines(
        &self,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<MachineItem>, Refusal> {
        let pager = Pager::new(request, "machines", now, &self.limits, TOKEN_LENGTH_MAX)?;
        let rest = self.machines.range::<str, _>((pager.lower_bound(), Bound::Unbounded));
        Ok(pager.page(rest.map(|(name, machine)| {
            let item = MachineItem {
                arn: self.machine_arn(name, Qualifier::None),
                name: Str::clone(name),
                machine_type: machine.record.machine_type,
                created_at: machine.record.created_at,
            };
            (Str::clone(name), item)
        })))
    }
}
