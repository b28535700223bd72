//! The runtime is killed, again and again.

use std::time::{Duration, Instant};

use anyhow::Result;
use rand::Rng as _;

use super::finish;
use crate::check::Excused;
use crate::director::Director;
use crate::options::Options;
use crate::report::Findings;

/// How long a runtime lives.
const LIFE_MILLIS: std::ops::Range<u64> = 50..800;

pub(super) fn play(options: &Options) -> Result<Findings> {
    let mut director = Director::new(options.seed)?;
    let mut findings = Findings { seed: options.seed, ..Findings::default() };
    let began = Instant::now();
    let mut kills = 0;
    while kills < options.kills && options.seconds.is_none_or(|most| began.elapsed() < most) {
        let mut process = director.launch(true)?;
        let life = Duration::from_millis(director.chance.random_range(LIFE_MILLIS));
        director.play(&mut process, life)?;
        director.kill(process)?;
        kills += 1;
    }
    findings.add("kills", kills);
    finish(&mut director, &Excused::default(), &mut findings)?;
    Ok(findings)
}
