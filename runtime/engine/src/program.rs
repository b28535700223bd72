//! Definitions as executions have them.

use std::collections::HashMap;
use std::sync::Arc;

use stepwell_asl::{Definition, Diagnostic};
use stepwell_journal::{Digest, Revision};
use stepwell_value::Str;

/// A definition with its text. An execution keeps the one that it was started with.
#[derive(Clone, Debug)]
pub struct Program {
    definition: Arc<Definition>,
    revision: Revision,
}

impl Program {
    /// Reads a definition; all that is wrong with it if it is not valid.
    pub fn parse(text: impl Into<Str>) -> Result<Self, Vec<Diagnostic>> {
        let text = text.into();
        let definition = Definition::parse(&text)?;
        Ok(Self::new(definition, text))
    }

    /// A definition that was read from that text.
    pub fn new(definition: impl Into<Arc<Definition>>, text: impl Into<Str>) -> Self {
        Self { definition: definition.into(), revision: Revision::new(text) }
    }

    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    pub fn revision(&self) -> &Revision {
        &self.revision
    }
}

/// How many definitions are kept at hand for executions that come back into memory.
const PROGRAMS_MAX: usize = 256;

/// Definitions at hand, by their hash.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    known: HashMap<Digest, Program>,
}

impl Programs {
    /// The definition of a revision; none if its text is not valid, which a journal's can only be
    /// when a later version of this program wrote it.
    pub(crate) fn get(&mut self, revision: &Revision) -> Option<Program> {
        if let Some(program) = self.known.get(&revision.digest()) {
            return Some(program.clone());
        }
        // An Express machine's text is valid for a Standard one, which may do more.
        let definition = Arc::new(Definition::parse(revision.text()).ok()?);
        if self.known.len() >= PROGRAMS_MAX {
            self.known.clear();
        }
        let program = Program { definition, revision: revision.clone() };
        self.known.insert(revision.digest(), program.clone());
        Some(program)
    }
}
