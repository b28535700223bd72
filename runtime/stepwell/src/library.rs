//! The machines, versions, aliases and activities that are kept beside the executions.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::SystemTime;

use stepwell_asl::{MachineType, Timestamp};
use stepwell_catalog::{Catalog, Decided, Limits, Qualifier, Refusal, Resource, Site, Target};
use stepwell_engine::{Program, Start};
use stepwell_journal::{AppendError, Digest, Journal, ReadError, Revision};
use stepwell_kernel::{Entropy, Identity};
use stepwell_value::{Payload, Str};

use crate::test_case::{self, TestCases};

/// How many definitions are kept read.
const PROGRAMS_MAX: usize = 256;

/// What is deployed. Cloning shares it.
#[derive(Clone)]
pub struct Library {
    shared: Arc<Shared>,
}

struct Shared {
    journal: Arc<dyn Journal>,
    catalog: RwLock<Catalog>,
    /// Changes are made one at a time: decided, written, applied.
    changing: tokio::sync::Mutex<()>,
    programs: Mutex<HashMap<Digest, Program>>,
    test_cases: Option<TestCases>,
}

/// What an execution is started from.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub target: Target,
    /// The test case that is to make up what tasks come to.
    pub test_case: Option<Str>,
}

impl From<Target> for Resolved {
    fn from(target: Target) -> Self {
        Self { target, test_case: None }
    }
}

/// Why a change was not made.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChangeError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Unavailable(#[from] AppendError),
}

/// A store whose machines cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    Corrupt(#[from] stepwell_catalog::Corrupt),
}

/// Chance from the operating system.
#[derive(Clone, Copy, Debug)]
pub struct Chance;

impl Entropy for Chance {
    fn next_u64(&mut self) -> u64 {
        uuid::Uuid::new_v4().as_u64_pair().1
    }
}

impl Library {
    pub(crate) fn open(
        journal: Arc<dyn Journal>,
        site: Site,
        test_cases: Option<TestCases>,
    ) -> Result<Self, LibraryError> {
        let mut documents = Vec::new();
        for prefix in Catalog::PREFIXES {
            documents.extend(journal.documents(prefix)?);
        }
        let catalog = RwLock::new(Catalog::open(site, Limits::default(), documents)?);
        let (changing, programs) = (tokio::sync::Mutex::default(), Mutex::default());
        let shared = Shared { journal, catalog, changing, programs, test_cases };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What is deployed now.
    pub fn catalog(&self) -> RwLockReadGuard<'_, Catalog> {
        self.shared.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides a change, keeps it, and then lets everybody see it. Of two changes at once, the
    /// second is decided when the first is made.
    pub async fn change<T>(
        &self,
        decide: impl FnOnce(&Catalog, Timestamp, &mut dyn Entropy) -> Decided<T>,
    ) -> Result<T, ChangeError> {
        let _alone = self.shared.changing.lock().await;
        let decided = decide(&self.catalog(), now(), &mut Chance)?;
        if !decided.change.is_empty() {
            self.shared.journal.write(decided.change.documents()).await?;
            let catalog = self.shared.catalog.write();
            catalog.unwrap_or_else(PoisonError::into_inner).apply(decided.change);
        }
        Ok(decided.answer)
    }

    /// What the ARN of a machine, a version or an alias means for an execution that starts now.
    /// Where there is a mock configuration, `#CASE` may follow.
    pub fn resolve(&self, arn: &str) -> Result<Resolved, Refusal> {
        let cases = self.shared.test_cases.as_ref();
        let (arn, test_case) = test_case::split(cases, arn)?;
        let target = self.catalog().resolve(arn, &mut Chance)?;
        if let (Some(cases), Some(test_case)) = (cases, test_case) {
            let missing = || Refusal::StateMachineDoesNotExist(arn.into());
            let program = self.program(&target.definition).ok_or_else(missing)?;
            cases.check(&target.name, test_case, program.definition())?;
        }
        Ok(Resolved { target, test_case: test_case.map(Str::from) })
    }

    /// An ARN without the test case that may follow it where there is a mock configuration.
    pub fn without_test_case<'a>(&self, arn: &'a str) -> &'a str {
        let split = test_case::split(self.shared.test_cases.as_ref(), arn);
        split.map_or(arn, |(arn, _test_case)| arn)
    }

    pub(crate) fn machine_arn(&self, name: &str) -> String {
        let catalog = self.catalog();
        let resource = Resource::Machine { name: name.into(), qualifier: Qualifier::None };
        resource.at(catalog.site()).to_string()
    }

    /// A definition, read. It was valid when it came, so it is valid unless an earlier version of
    /// this program was mistaken.
    pub(crate) fn program(&self, revision: &Revision) -> Option<Program> {
        let mut programs = self.shared.programs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = programs.get(&revision.digest()) {
            return Some(program.clone());
        }
        let program = Program::parse(Str::clone(revision.text())).ok()?;
        if programs.len() >= PROGRAMS_MAX {
            programs.clear();
        }
        programs.insert(revision.digest(), program.clone());
        Some(program)
    }

    /// What an execution of a target is started with.
    pub(crate) fn start(
        &self,
        resolved: &Resolved,
        name: &str,
        input: Payload,
        trace_header: Option<Str>,
    ) -> Option<Start> {
        let Resolved { target, test_case } = resolved;
        let program = self.program(&target.definition)?;
        let identity = identity(self.catalog().site(), target, name);
        let identity = Identity { test_case: test_case.clone(), trace_header, ..identity };
        Some(Start { program, identity, input })
    }
}

fn identity(site: &Site, target: &Target, name: &str) -> Identity {
    let Site { partition, region, account } = site;
    let machine = &target.name;
    let arn = format!("arn:{partition}:states:{region}:{account}");
    let execution_arn = match target.machine_type {
        MachineType::Standard => format!("{arn}:execution:{machine}:{name}"),
        MachineType::Express => format!("{arn}:express:{machine}:{name}:{}", uuid::Uuid::new_v4()),
    };
    Identity {
        execution_arn: execution_arn.into(),
        execution_name: name.into(),
        state_machine_arn: Str::clone(&target.machine_arn),
        state_machine_name: Str::clone(machine),
        role_arn: Str::clone(&target.role_arn),
        version_arn: target.version_arn.clone(),
        alias_arn: target.alias_arn.clone(),
        test_case: None,
        trace_header: None,
    }
}

pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::from_unix_millis(0).saturating_add(since_epoch.unwrap_or_default())
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("catalog", &*self.catalog()).finish_non_exhaustive()
    }
}
