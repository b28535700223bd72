//! The licences of dependencies, as SPDX expressions.

use super::Finding;
use super::graph::Graph;

/// Licences under whose terms the project may be passed on. `deny.toml` has the same list.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

pub(super) fn check(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in graph.packages() {
        let message = match package.licence.as_deref().map(|licence| (licence, is_allowed(licence)))
        {
            Some((_, Some(true))) => continue,
            Some((licence, Some(false))) => {
                format!("its licence `{licence}` is not on the list; use another crate")
            }
            Some((licence, None)) => {
                format!(
                    "its licence `{licence}` is not an SPDX expression; look at it, and use \
                         another crate if it is not on the list"
                )
            }
            None => "it states no licence; add one to a member, or use another crate".into(),
        };
        findings.push(Finding::new(format!("{} {}", package.name, package.version), message));
    }
    findings
}

/// None for a text that is not an SPDX expression.
fn is_allowed(expression: &str) -> Option<bool> {
    // An older notation of crates has a slash for OR.
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words };
    let allowed = reader.any()?;
    reader.words.is_empty().then_some(allowed)
}

/// What is left to read of an expression; AND binds tighter than OR.
struct Reader<'a> {
    words: &'a [&'a str],
}

impl Reader<'_> {
    fn any(&mut self) -> Option<bool> {
        let mut allowed = self.all()?;
        while self.eat("OR") {
            allowed |= self.all()?;
        }
        Some(allowed)
    }

    fn all(&mut self) -> Option<bool> {
        let mut allowed = self.one()?;
        while self.eat("AND") {
            allowed &= self.one()?;
        }
        Some(allowed)
    }

    fn one(&mut self) -> Option<bool> {
        if self.eat("(") {
            let allowed = self.any()?;
            return self.eat(")").then_some(allowed);
        }
        let licence = self.name()?;
        if self.eat("WITH") {
            let exception = self.name()?;
            return Some(ALLOWED.contains(&format!("{licence} WITH {exception}").as_str()));
        }
        Some(ALLOWED.contains(&licence.as_str()))
    }

    fn name(&mut self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        if ["(", ")", "AND", "OR", "WITH"].contains(first) {
            return None;
        }
        self.words = rest;
        Some((*first).into())
    }

    fn eat(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
