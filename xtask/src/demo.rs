//! `cargo xtask demo`: the examples, from source to result.
//!
//! Builds the binary, compiles the example tasks into a registry, and runs every example workflow on
//! its inputs. What the tasks write stays in `target/demo`.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repository::{cargo, root, target_folder};
use crate::wasm_target;

/// One execution to show.
struct Show {
    example: &'static str,
    input: &'static str,
    title: &'static str,
    /// The states that wait for a human, and what is answered where nobody can be asked.
    answers: &'static [(&'static str, &'static str)],
    succeeds: bool,
}

const SHOWS: &[Show] = &[
    Show {
        example: "credit-card-application",
        input: "small",
        title: "a small request is approved at once",
        answers: &[],
        succeeds: true,
    },
    Show {
        example: "credit-card-application",
        input: "good",
        title: "a larger one is checked by two tasks side by side",
        answers: &[],
        succeeds: true,
    },
    Show {
        example: "credit-card-application",
        input: "risky",
        title: "a risky one waits for a human",
        answers: &[(
            "Ask a reviewer",
            r#"{"decision": "approve", "reason": "a long-standing customer"}"#,
        )],
        succeeds: true,
    },
    Show {
        example: "credit-card-application",
        input: "declined",
        title: "a passport that does not check out ends in Fail",
        answers: &[],
        succeeds: false,
    },
    Show {
        example: "image-pipeline",
        input: "gallery",
        title: "every picture is resized, converted and searched for its colours",
        answers: &[],
        succeeds: true,
    },
    Show {
        example: "order-fulfilment",
        input: "paid-after-retries",
        title: "a payment service that is busy twice",
        answers: &[],
        succeeds: true,
    },
    Show {
        example: "order-fulfilment",
        input: "declined-card",
        title: "a declined card gives the stock back",
        answers: &[],
        succeeds: false,
    },
    Show {
        example: "word-count",
        input: "wells",
        title: "a distributed map reads a file and writes its results",
        answers: &[],
        succeeds: true,
    },
];

/// The demo's folder: a registry, buckets, and the directories that the tasks are granted.
struct Stage {
    binary: PathBuf,
    registry: PathBuf,
    buckets: PathBuf,
    results: PathBuf,
    examples: PathBuf,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // The demo ends by itself when the workflows have ended.
        [] | ["--once"] => {}
        [other, ..] => bail!("unknown argument `{other}`; there is --once"),
    }
    wasm_target::ensure()?;
    let stage = Stage::set()?;
    stage.build_tasks()?;
    for show in SHOWS {
        stage.play(show)?;
    }
    println!("\nThe pictures are in {}; open index.html there.", stage.results.display());
    println!("The counts are in {}.", stage.buckets.join("counts").display());
    Ok(())
}

impl Stage {
    fn set() -> Result<Self> {
        println!("building stepwell (the first time takes a few minutes)");
        let status = cargo()
            .args(["build", "--package", "stepwell-cli"])
            .status()
            .context("cannot run cargo")?;
        if !status.success() {
            bail!("stepwell does not build");
        }
        let target = target_folder()?;
        let demo = target.join("demo");
        let stage = Self {
            binary: target.join("debug").join(format!("stepwell{}", std::env::consts::EXE_SUFFIX)),
            registry: demo.join("registry"),
            buckets: demo.join("buckets"),
            results: demo.join("results"),
            examples: root().join("example-tasks"),
        };
        fs::create_dir_all(&stage.results)?;
        copy(&stage.examples.join("image-pipeline/pictures"), "jpg", &demo.join("pictures"))?;
        let texts = stage.examples.join("word-count/buckets/texts");
        copy(&texts, "jsonl", &stage.buckets.join("texts"))?;
        fs::create_dir_all(stage.buckets.join("counts"))?;
        Ok(stage)
    }

    fn build_tasks(&self) -> Result<()> {
        println!("\ncompiling the example tasks to WebAssembly");
        let status = Command::new(&self.binary)
            .arg("build")
            .arg(&self.examples)
            .arg("--registry")
            .arg(&self.registry)
            .status()?;
        if !status.success() {
            bail!("the example tasks do not build");
        }
        Ok(())
    }

    fn play(&self, show: &Show) -> Result<()> {
        let example = self.examples.join(show.example);
        println!("\n{}: {}", show.example, show.title);
        let mut command = Command::new(&self.binary);
        command.arg("run").arg(example.join("workflow.asl.json"));
        let input = example.join("inputs").join(format!("{}.json", show.input));
        command.arg("--input").arg(format!("@{}", input.display()));
        command.arg("--registry").arg(&self.registry).arg("--buckets").arg(&self.buckets);
        let asks_somebody = !show.answers.is_empty() && std::io::stdin().is_terminal();
        if !asks_somebody {
            for (state, answer) in show.answers {
                command.arg("--answer").arg(format!("{state}={answer}"));
            }
        }
        let status = command.status().context("cannot run stepwell")?;
        // Exit code 1 says that the execution failed, which some of them are meant to. A human may
        // decide either way.
        let as_meant = match status.code() {
            Some(0) => show.succeeds || asks_somebody,
            Some(1) => !show.succeeds || asks_somebody,
            _ => false,
        };
        if !as_meant {
            bail!("{} with inputs/{}.json ended with {status}", show.example, show.input);
        }
        Ok(())
    }
}

fn copy(from: &Path, extension: &str, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|found| found == extension) {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
