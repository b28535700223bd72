//! What the command line asks for.

use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};

pub(crate) const HELP: &str = "\
cargo xtask soak [--scenario NAME]... [--kills N] [--seconds N] [--seed N]

  --scenario NAME  kill, full-disk, torn-tail or damage; all by default
  --kills N        how many processes are killed, 300 by default; a tenth of them in torn-tail
  --seconds N      no kill after so many seconds; the check still comes
  --seed N         what chance is drawn from; another one each time by default
";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    Kill,
    FullDisk,
    TornTail,
    Damage,
}

pub(crate) struct Options {
    pub scenarios: Vec<Scenario>,
    pub kills: u32,
    pub seconds: Option<Duration>,
    pub seed: u64,
}

impl Scenario {
    const ALL: [Self; 4] = [Self::Kill, Self::FullDisk, Self::TornTail, Self::Damage];

    fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::FullDisk => "full-disk",
            Self::TornTail => "torn-tail",
            Self::Damage => "damage",
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// None if help is wanted.
pub(crate) fn parse(arguments: &[String]) -> Result<Option<Options>> {
    let seed = u64::from(StdRng::from_os_rng().next_u32());
    let mut options = Options { scenarios: Vec::new(), kills: 300, seconds: None, seed };
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        if matches!(name.as_str(), "help" | "--help" | "-h") {
            return Ok(None);
        }
        let value = arguments.next().with_context(|| format!("{name} needs a value"))?;
        let number = || value.parse::<u64>().with_context(|| format!("{name} {value}: no number"));
        match name.as_str() {
            "--scenario" => options.scenarios.push(scenario(value)?),
            "--kills" => options.kills = u32::try_from(number()?)?,
            "--seconds" => options.seconds = Some(Duration::from_secs(number()?)),
            "--seed" => options.seed = number()?,
            _ => bail!("there is no option {name}; --help lists those there are"),
        }
    }
    if options.scenarios.is_empty() {
        options.scenarios = Scenario::ALL.to_vec();
    }
    Ok(Some(options))
}

fn scenario(name: &str) -> Result<Scenario> {
    let found = Scenario::ALL.into_iter().find(|scenario| scenario.name() == name);
    found.with_context(|| format!("there is no scenario {name}; --help lists those there are"))
}
