//! `stepwell run`: one execution, from a file to its end.
//!
//! Whatever can be found wrong is found before the execution starts. From then on the command
//! follows it, answers its task tokens, and stops it on Ctrl-C.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use stepwell::{
    BuildError, Builder, Definition, Machine, Payload, Program, StartError, Status, Stepwell, host,
};
use stepwell_asl::Kind;
use tokio::runtime;
use tokio::sync::mpsc;

use crate::arguments::{Format, Run};
use crate::complaint::{Complaint, chain};
use crate::config::{Config, Flags, keys};
use crate::printer::Printer;
use crate::{Ended, inputs};

use answers::Answers;
use follow::Followed;
use observe::Watched;

mod answers;
mod follow;
pub(crate) mod logs;
mod observe;
mod prompt;
mod report;
pub(crate) mod taskless;

/// What was found good before anything runs.
struct Job {
    machine: Machine,
    input: Payload,
    answers: Answers,
}

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Run) -> Ended {
    let flags = Flags::default()
        .path(&keys::REGISTRY, options.registry.registry.as_ref())
        .path(&keys::BUCKETS, options.buckets.as_ref());
    let config = Config::load(file, &flags)?;
    let job = prepare(options)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Complaint::of(&error))?;
    let ended = runtime.block_on(execute(printer, options, &config, job));
    // A thread that still reads the terminal, or a task that was stopped, is not waited for.
    runtime.shutdown_background();
    ended
}

/// Gathers everything that is wrong with the arguments.
fn prepare(options: &Run) -> Result<Job, Complaint> {
    let mut complaint = Complaint::default();
    let program = inputs::read_program(&options.file);
    let input = inputs::read_input(&options.input);
    let definition = program.as_ref().ok().map(Program::definition);
    let answers = definition.map(|found| Answers::parse(&options.answers, found));
    match (program, input, answers.transpose()) {
        (Ok(program), Ok(input), Ok(answers)) => {
            let name = inputs::machine_name(&options.file);
            let machine = Machine::new(&name, program).map_err(|error| Complaint::of(&error))?;
            return Ok(Job { machine, input, answers: answers.unwrap_or_default() });
        }
        (program, input, answers) => {
            for found in [program.err(), input.err(), answers.err()].into_iter().flatten() {
                complaint.append(found);
            }
        }
    }
    Err(complaint)
}

async fn execute(printer: Printer, options: &Run, config: &Config, job: Job) -> Ended {
    let Job { machine, input, answers } = job;
    let (sender, seen) = mpsc::unbounded_channel();
    let observer = observe::observer(sender.clone());
    let builder = Stepwell::builder().observer(observer).logs(Arc::new(logs::Stderr(printer)));
    let builder = buckets(options, config).into_iter().fold(builder, Builder::buckets);
    let builder = options.store.iter().fold(builder, Builder::store);
    let builder = builder.troubles(Arc::new(move |trouble| printer.warning(trouble)));
    let stepwell = if has_tasks(machine.definition()) {
        let builder = builder.registry(config.registry());
        let builder = config.path(&keys::CACHE).into_iter().fold(builder, Builder::cache_dir);
        builder.build().map_err(|error| of_build_error(&error))?
    } else {
        // Nothing will be called, so there need be no registry, and no sandbox is set up.
        let builder = builder.tasks(Arc::new(taskless::Taskless));
        builder.build().map_err(|error| of_build_error(&error))?
    };
    check_tasks(printer, options, config, (&stepwell, machine.definition())).await?;
    let started = match &options.name {
        Some(name) => stepwell.start_named(&machine, name, input).await,
        None => stepwell.start(&machine, input),
    };
    let execution = started.map_err(|error| of_start_error(&error))?;
    printer.detail(format_args!("execution {}", execution.arn));
    if !execution.is_new() {
        printer.say(format_args!("going on with execution {}", execution.name));
        let before = execution.events().map_err(|error| Complaint::of(&error))?;
        drop(sender.send((execution.id(), before)));
    }
    let definition = Arc::clone(machine.definition());
    let watched = Watched::new(printer, definition, execution.id(), &execution.arn);
    let mut followed = Followed { printer, stepwell: &stepwell, execution, answers, watched, seen };
    let end = followed.run_to_the_end().await;
    stepwell.close(Duration::ZERO).await;
    match options.output {
        Format::Text => report::text(printer, &followed.execution, &end)?,
        Format::Json => report::json(printer, &followed.execution, &end)?,
    }
    Ok(report::exit(&end))
}

/// Where buckets are: as asked for, or beside the definition.
fn buckets(options: &Run, config: &Config) -> Option<PathBuf> {
    let beside = || Some(options.file.with_file_name("buckets")).filter(|path| path.is_dir());
    config.path(&keys::BUCKETS).map(Path::to_path_buf).or_else(beside)
}

fn has_tasks(definition: &Definition) -> bool {
    definition.states().any(|(_, state)| matches!(state.kind, Kind::Task(_)))
}

async fn check_tasks(
    printer: Printer,
    options: &Run,
    config: &Config,
    (stepwell, definition): (&Stepwell, &Definition),
) -> Result<(), Complaint> {
    if let Some(problem) = stepwell.host().and_then(host::Host::cache_problem) {
        printer.warning(chain(problem));
    }
    let registry = config.registry().display();
    let mut complaint = Complaint::default();
    for problem in stepwell.check_tasks(definition).await {
        let error = format!("{}: {problem}", options.file.display());
        complaint.push(error, None);
    }
    complaint.into_result().map_err(|complaint| {
        complaint
            .hint(format_args!("`stepwell task list --registry {registry}` shows what is there"))
    })
}

fn of_start_error(error: &StartError) -> Complaint {
    let complaint = Complaint::of(error);
    match error {
        StartError::Engine(stepwell::EngineStartError::AlreadyExists(known)) => {
            let stands = match known.status() {
                Status::Running => "it runs with another input",
                Status::Succeeded => "it has succeeded",
                Status::Failed => "it has failed",
                Status::TimedOut => "it has timed out",
                Status::Aborted => "it was stopped",
            };
            complaint.hint(format_args!("{stands}; give this one another --name"))
        }
        _ => complaint,
    }
}

pub(crate) fn of_build_error(error: &BuildError) -> Complaint {
    let complaint = Complaint::of(error);
    match error {
        BuildError::Host(host::BuildError::Registry { .. }) => complaint.hint(
            "`stepwell build --registry DIR` puts tasks into a registry; `--registry DIR` or \
             STEPWELL_REGISTRY names another one",
        ),
        BuildError::Buckets { .. } => complaint.hint(
            "`--buckets DIR` or STEPWELL_BUCKETS names a directory with one directory a bucket",
        ),
        BuildError::Host(_)
        | BuildError::NoTasks
        | BuildError::Store(_)
        | BuildError::Unreadable(_)
        | BuildError::Library(_) => complaint,
    }
}
