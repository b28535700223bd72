//! Names in place of ARNs.

/// The region and the account that stand in the ARNs of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    pub region: String,
    pub account: String,
}

/// What somebody called an execution.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Called {
    Arn(String),
    /// Its own name alone.
    Name(String),
}

impl Site {
    /// `NAME`, `NAME:VERSION`, `NAME:ALIAS` or an ARN.
    pub(crate) fn machine(&self, called: &str) -> String {
        self.arn("stateMachine", called)
    }

    pub(crate) fn activity(&self, called: &str) -> String {
        self.arn("activity", called)
    }

    /// `MACHINE:NAME`, `MACHINE:NAME:UUID` for an Express execution, or an ARN.
    pub(crate) fn execution(&self, called: &str) -> Called {
        match called.split(':').count() {
            1 => Called::Name(called.to_owned()),
            3 => Called::Arn(self.arn("express", called)),
            _ => Called::Arn(self.arn("execution", called)),
        }
    }

    fn arn(&self, kind: &str, called: &str) -> String {
        if called.starts_with("arn:") {
            return called.to_owned();
        }
        let Self { region, account } = self;
        format!("arn:aws:states:{region}:{account}:{kind}:{called}")
    }
}

/// What follows an ARN's kind: a name, with what qualifies it.
pub(crate) fn short(arn: &str) -> &str {
    let mut parts = arn.splitn(7, ':');
    if parts.next() != Some("arn") {
        return arn;
    }
    parts.nth(5).unwrap_or(arn)
}

#[cfg(test)]
mod tests;
