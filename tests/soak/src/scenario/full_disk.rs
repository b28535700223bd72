//! The store fills up, a runtime is killed meanwhile, and then there is room again.

use std::time::Duration;

use anyhow::Result;

use super::finish;
use crate::check::Excused;
use crate::director::Director;
use crate::options::Options;
use crate::report::Findings;

/// How large the file may become, in pages, and how often that is raised.
const PAGES: u32 = 120;
const ROUNDS: u32 = 4;

/// How long it may take until the store is full.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) fn play(options: &Options) -> Result<Findings> {
    let mut director = Director::new(options.seed)?;
    let mut findings = Findings { seed: options.seed, ..Findings::default() };
    let mut stalls = 0;
    for round in 1..=ROUNDS {
        director.pages_max = Some(PAGES * round);
        for _ in 0..2 {
            director.troubles.remove("stalled");
            let mut process = director.launch(true)?;
            let is_stalled = |director: &Director| {
                director.troubles.contains_key("stalled") && !director.refused.is_empty()
            };
            if director.play_until(&mut process, PATIENCE, is_stalled)? {
                stalls += 1;
            } else {
                director.wrong.push(format!("round {round}: the store was never full"));
            }
            director.play(&mut process, Duration::from_millis(500))?;
            director.kill(process)?;
        }
    }
    director.pages_max = None;
    findings.add("runs in which the store was full", stalls);
    finish(&mut director, &Excused::default(), &mut findings)?;
    Ok(findings)
}
