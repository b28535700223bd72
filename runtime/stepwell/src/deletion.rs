//! Machines that are deleted while executions of them run.
//!
//! As the service has it, such a machine starts nothing any more, its executions are ended, and it
//! goes with the last of them.

use stepwell_catalog::{Decision, Occupancy};
use stepwell_journal::{Query, ReadError, Status, Subject};
use stepwell_kernel::Failure;
use stepwell_value::Str;

use crate::execution::Stepwell;
use crate::library::ChangeError;

/// How many executions are ended at a time.
const ENDED_AT_ONCE: usize = 100;

impl Stepwell {
    /// Deletes a machine with its versions and aliases (AWS `DeleteStateMachine`). Executions of it
    /// that run are ended first, and the call does not wait for that.
    pub async fn delete_machine(&self, arn: &str) -> Result<(), ChangeError> {
        let open = self.open_of(arn, 1).map_err(|error| unavailable(&error))?;
        let occupancy = if open.is_empty() { Occupancy::Idle } else { Occupancy::Busy };
        self.library.change(|catalog, _, _| catalog.delete_machine(arn, occupancy)).await?;
        if occupancy == Occupancy::Busy {
            self.go_on_deleting();
        }
        Ok(())
    }

    /// Goes on with deletions that have begun, in the background.
    pub(crate) fn go_on_deleting(&self) {
        let deleting: Vec<Str> = self.library.catalog().deleting().cloned().collect();
        for name in deleting {
            let stepwell = self.clone();
            tokio::spawn(async move {
                // What cannot be deleted now is deleted after the next start.
                let _later = stepwell.finish_deleting(&name).await;
            });
        }
    }

    async fn finish_deleting(&self, name: &str) -> Result<(), ChangeError> {
        let machine_arn = self.library.machine_arn(name);
        loop {
            let open = self.open_of(&machine_arn, ENDED_AT_ONCE);
            let open = open.map_err(|error| unavailable(&error))?;
            if open.is_empty() {
                break;
            }
            for execution in open {
                let failure = Failure { error: None, cause: None };
                // It has ended by itself, or the engine is being closed; the next look tells.
                if self.standard.stop(execution, failure).await.is_err()
                    && self.standard.is_closed()
                {
                    return Ok(());
                }
            }
        }
        let finished = self.library.change(|catalog, _, _| {
            let change = catalog.finish_deletion(name);
            Ok(Decision { answer: (), change })
        });
        finished.await
    }

    fn open_of(
        &self,
        machine_arn: &str,
        count_max: usize,
    ) -> Result<Vec<stepwell_journal::ExecutionId>, ReadError> {
        let subject = Subject::Machine(machine_arn.into());
        let query = Query { status: Some(Status::Running), ..Query::newest(subject, count_max) };
        Ok(self.standard.list(&query)?.into_iter().map(|summary| summary.execution).collect())
    }
}

fn unavailable(error: &ReadError) -> ChangeError {
    ChangeError::Unavailable(stepwell_journal::AppendError::Unavailable(error.to_string()))
}
