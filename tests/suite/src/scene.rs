//! A definition in a world, without expectations: what must hold holds, and the drivers agree.
//!
//! A scene is written like a case, so one that shows a defect becomes a case by being told what
//! should happen.

use anyhow::{Context as _, Result, bail, ensure};
use stepwell_asl::{Definition, Diagnostic};
use stepwell_kernel::Limits;
use stepwell_value::Payload;

use crate::case::{lasting, parse_limits};
use crate::document;
use crate::player::{Driver, play};
use crate::render::{self, HistoryColumns};
use crate::script::Script;

#[derive(Debug)]
pub struct Scene {
    definition: Definition,
    input: Payload,
    script: Script,
    limits: Limits,
}

impl Scene {
    /// Reads the blocks of a Markdown section. The inner error tells why the definition is refused.
    pub fn read(markdown: &str) -> Result<Result<Self, Vec<Diagnostic>>> {
        let sections = document::sections("the scene", markdown)?;
        let section = sections.first().context("a scene begins with a heading")?;
        let mut definition = None;
        let mut input = Payload::parse("{}")?;
        let mut script = Script::default();
        let mut limits = lasting();
        for fence in &section.blocks {
            let words: Vec<&str> = fence.info.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["asl"] => definition = Some(Definition::parse(&fence.text)),
                ["json", "input"] => input = Payload::parse(fence.text.trim())?,
                ["tasks"] => script = Script::parse(&fence.text)?,
                ["limits"] => limits = parse_limits(&fence.text)?,
                other => bail!("a scene has no block `{}`", other.join(" ")),
            }
        }
        let definition = definition.context("the scene has no definition")?;
        Ok(definition.map(|definition| Self { definition, input, script, limits }))
    }

    /// Plays the scene under every driver. The error tells what does not hold.
    pub fn check(&self) -> Result<()> {
        // A call that is given up within the step that scheduled it is never made, so which answers
        // come too late depends on the driver.
        let columns = HistoryColumns { ids: true, data: true, stale: false };
        let mut first = None;
        for driver in Driver::ALL {
            let (script, limits) = (&self.script, &self.limits);
            let played = play(&self.definition, script, self.input.clone(), limits, driver)
                .with_context(|| format!("under the driver {}", driver.as_str()))?;
            let history = render::history(&played, columns);
            let first = first.get_or_insert_with(|| history.clone());
            ensure!(
                *first == history,
                "under {} it happens so:\n{first}\nand under {} so:\n{history}",
                Driver::ALL[0].as_str(),
                driver.as_str()
            );
        }
        Ok(())
    }
}
