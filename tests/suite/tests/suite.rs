//! Plays every case of the suite under every driver. `UPDATE_SUITE=1` writes the expectations anew;
//! review them like code.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use stepwell_asl::Definition;
use stepwell_kernel::Limits;
use stepwell_suite::case::{self, Case};
use stepwell_suite::drive::{self, Driver};
use stepwell_suite::render::{Columns, render};
use stepwell_suite::script::Script;
use stepwell_value::{Payload, Value};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the suite's folder is there")
        .map(|entry| entry.expect("the suite's folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    files.sort();
    let trials = files.iter().flat_map(|file| trials(file)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(file: &Path) -> Vec<Trial> {
    let text = std::fs::read_to_string(file).expect("a file of the suite can be read");
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    if std::env::var_os("UPDATE_SUITE").is_some() {
        update(file, &text);
    }
    let text = std::fs::read_to_string(file).expect("a file of the suite can be read");
    let mut trials = Vec::new();
    for case in case::read(&text) {
        for driver in Driver::ALL {
            let name = format!("{stem}: {} [{}]", case.title, driver.name());
            let (case, place) = (case.clone(), format!("{stem}.md:{}", case.line));
            trials.push(Trial::test(name, move || {
                check(&case, driver).map_err(|message| Failed::from(format!("{place}: {message}")))
            }));
        }
    }
    trials
}

fn update(file: &Path, text: &str) {
    let mut updated = text.to_owned();
    for case in case::read(text) {
        if let Ok(found) = play(&case, Driver::Kernel) {
            for (block, content) in found {
                // Lines may have moved; a case is found again by its title.
                let moved =
                    case::read(&updated).into_iter().find(|moved| moved.title == case.title);
                let moved = moved.expect("the case is still there");
                updated = case::with_block(&updated, &moved, block, &content);
            }
        }
    }
    if updated != text {
        std::fs::write(file, updated).expect("a file of the suite can be written");
    }
}

fn check(case: &Case, driver: Driver) -> Result<(), String> {
    for (block, found) in play(case, driver)? {
        let Some(expected) = case.block(block) else { continue };
        if !agrees(driver, block, expected, &found) {
            return Err(format!("`{block}` differs\nexpected:\n{expected}\nfound:\n{found}"));
        }
    }
    Ok(())
}

/// Where every decision is a step of its own, branches and iterations take turns: the same events
/// come in another order, with other numbers.
fn agrees(driver: Driver, block: &str, expected: &str, found: &str) -> bool {
    let sorted = |text: &str| {
        let lines = text.lines().map(|line| match block {
            "history ids" => line.get(11..).unwrap_or(line).trim_start().to_owned(),
            _ => line.to_owned(),
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort();
        lines
    };
    match driver {
        Driver::Kernel | Driver::Crash => expected == found,
        Driver::Step => sorted(expected) == sorted(found),
    }
}

/// What a case's blocks should hold.
fn play(case: &Case, driver: Driver) -> Result<Vec<(&'static str, String)>, String> {
    let definition = match Definition::parse(case.block("asl").unwrap_or_default()) {
        Ok(definition) => definition,
        Err(found) => {
            let lines = found.iter().map(|found| match &found.hint {
                Some(hint) => format!("{found}\n  hint: {hint}\n"),
                None => format!("{found}\n"),
            });
            let diagnostics: String = lines.collect();
            return match case.block("diagnostics") {
                Some(_) => Ok(vec![("diagnostics", diagnostics)]),
                None => Err(format!("the definition is refused:\n{diagnostics}")),
            };
        }
    };
    if case.block("diagnostics").is_some() {
        return Err("the definition is accepted".into());
    }
    let input = Payload::parse(case.block("input").unwrap_or("{}").trim());
    let input = input.map_err(|error| format!("input: {error}"))?;
    let script = Script::parse(case.block("tasks").unwrap_or_default())?;
    let (limits, stop_after) = settings(case)?;
    let journal = drive::run(&definition, driver, limits, script, input, stop_after);
    if !["history", "history ids"].iter().any(|block| case.block(block).is_some()) {
        return Err("the case expects nothing: add a `history` block".into());
    }
    Ok(vec![
        ("history", render(&definition, &journal, Columns::Plain)),
        ("history ids", render(&definition, &journal, Columns::Ids)),
    ])
}

/// The `settings` block: limits, and when the execution is stopped from outside.
fn settings(case: &Case) -> Result<(Limits, Option<Duration>), String> {
    let (mut limits, mut stop_after) = (Limits::default(), None);
    let Some(block) = case.block("settings") else { return Ok((limits, None)) };
    let settings = Value::parse(block).map_err(|error| format!("settings: {error}"))?;
    let object = settings.as_object().ok_or("settings: not an object")?;
    for (name, value) in object.iter() {
        let number = value.as_int().and_then(|number| u32::try_from(number).ok());
        let number = number.ok_or_else(|| format!("settings: {name} is not a number"))?;
        match &**name {
            "payload_bytes_max" => limits.payload_bytes_max = number as usize,
            "history_events_max" => limits.history_events_max = number.into(),
            "map_concurrency_max" => limits.map_concurrency_max = number,
            "stop_after_seconds" => stop_after = Some(Duration::from_secs(number.into())),
            other => return Err(format!("settings: {other} is not a setting")),
        }
    }
    Ok((limits, stop_after))
}
