//! A definition with a name.

use std::fmt;
use std::sync::Arc;

use stepwell_asl::{Definition, MachineType};
use stepwell_engine::Program;
use stepwell_value::Str;

/// A state machine that can be started. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Machine {
    name: Str,
    program: Program,
    is_express: bool,
}

/// A name that the service would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    pub name: String,
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a name: 1 to 80 characters without blanks, control characters or any of \
             < > {{ }} [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : /",
            self.name
        )
    }
}

impl Machine {
    /// Gives a definition its name.
    pub fn new(name: &str, program: Program) -> Result<Self, NameError> {
        check_name(name)?;
        Ok(Self { name: name.into(), program, is_express: false })
    }

    /// The same as an Express machine: its executions run for five minutes at most, are kept in
    /// memory alone, and are lost when the process ends.
    #[must_use]
    pub fn express(self) -> Self {
        Self { is_express: true, ..self }
    }

    pub fn machine_type(&self) -> MachineType {
        if self.is_express { MachineType::Express } else { MachineType::Standard }
    }

    /// The definition with its text.
    pub fn program(&self) -> &Program {
        &self.program
    }

    pub fn name(&self) -> &Str {
        &self.name
    }

    pub fn definition(&self) -> &Arc<Definition> {
        self.program.definition()
    }
}

/// What the service lets a state machine or an execution be called.
pub(crate) fn check_name(name: &str) -> Result<(), NameError> {
    const FORBIDDEN: &str = "<>{}[]?*\"#%\\^|~`$&,;:/";
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !FORBIDDEN.contains(c);
    let length = name.chars().count();
    if (1..=80).contains(&length) && name.chars().all(allowed) {
        Ok(())
    } else {
        Err(NameError { name: name.into() })
    }
}

#[cfg(test)]
mod tests;
