//! `stepwell activity poll`: waiting for work, and doing it with a command.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use stepwell::{Object, Payload, Value};

use crate::arguments::Format;
use crate::client::{CallError, Client, text, texts};
use crate::commands::answer;
use crate::complaint::Complaint;
use crate::printer::Printer;
use crate::visible::one_line;

/// How often a server is told that the work goes on.
const HEARTBEAT: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);
/// How long a cause may be, in characters, as the service has it.
const CAUSE_CHARS_MAX: usize = 32_768;
const SHOWN_CHARS_MAX: usize = 60;

#[derive(Debug)]
pub(super) struct Worker<'c> {
    pub printer: Printer,
    pub client: &'c Client,
    /// For `GetActivityTask`.
    pub request: Object,
}

/// What came of a command.
struct Done {
    status: ExitStatus,
    output: String,
    said: String,
}

impl Worker<'_> {
    /// One piece of work, for whoever reads it.
    pub(super) fn print_one(&self, output: Format) -> Result<(), Complaint> {
        let work = self.wait()?;
        answer::print(output, &work, |work| {
            format!("{}\n{}", text(work, "taskToken"), text(work, "input"))
        })
    }

    /// Piece after piece, for ever.
    pub(super) fn work(&self, command: &str) -> Result<(), Complaint> {
        loop {
            let work = self.wait()?;
            let input = text(&work, "input");
            self.printer.detail(format_args!("input {}", one_line(input, SHOWN_CHARS_MAX)));
            self.do_one(command, text(&work, "taskToken"), input)?;
        }
    }

    /// The server answers with nothing after a minute without work.
    fn wait(&self) -> Result<Value, CallError> {
        loop {
            let work = self.client.call("GetActivityTask", self.request.clone())?;
            if !text(&work, "taskToken").is_empty() {
                return Ok(work);
            }
        }
    }

    fn do_one(&self, command: &str, token: &str, input: &str) -> Result<(), Complaint> {
        let done = self.run(command, token, input).map_err(|error| {
            Complaint::new(format_args!("cannot run the command of --exec: {error}"))
        })?;
        let Done { status, output, said } = &done;
        let (operation, request) = match (status.success(), Payload::parse(output.trim())) {
            (true, Ok(_)) => {
                let request = [("taskToken", Some(token)), ("output", Some(output.trim()))];
                ("SendTaskSuccess", texts(request))
            }
            (true, Err(error)) => failure(token, "Worker.InvalidOutput", &error.to_string()),
            (false, _) => failure(token, "Worker.Failed", &format!("{status}\n{said}")),
        };
        let shown = one_line(input, SHOWN_CHARS_MAX);
        match self.client.call(operation, request) {
            Ok(_) if operation == "SendTaskSuccess" => {
                self.printer.say(format_args!("done: {shown}"));
            }
            Ok(_) => self.printer.warning(format_args!("failed: {shown}")),
            // It was given up meanwhile; there is more work.
            Err(error @ CallError::Refused { .. }) => {
                self.printer.warning(format_args!("late: {shown}: {}", Complaint::from(error)));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Runs the command, and tells the server meanwhile that it does.
    fn run(&self, command: &str, token: &str, input: &str) -> io::Result<Done> {
        let mut child = shell(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take();
        let input = input.to_owned();
        let writing = thread::spawn(move || {
            // A command may end without having read its input.
            stdin.take().is_some_and(|mut stdin| stdin.write_all(input.as_bytes()).is_ok())
        });
        let output = reading(child.stdout.take());
        let said = reading(child.stderr.take());
        let status = self.wait_for(&mut child, token)?;
        let _wrote = writing.join();
        let text = |reading: JoinHandle<String>| reading.join().unwrap_or_default();
        Ok(Done { status, output: text(output), said: text(said) })
    }

    fn wait_for(&self, child: &mut Child, token: &str) -> io::Result<ExitStatus> {
        let mut told = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if told.elapsed() >= HEARTBEAT {
                told = Instant::now();
                let beat = texts([("taskToken", Some(token))]);
                if let Err(CallError::Refused { .. }) = self.client.call("SendTaskHeartbeat", beat)
                {
                    self.printer.warning("the task was given up; its command is ended");
                    child.kill()?;
                }
            }
            thread::sleep(LOOK);
        }
    }
}

fn failure(token: &str, error: &str, cause: &str) -> (&'static str, Object) {
    let cause: String = cause.chars().take(CAUSE_CHARS_MAX).collect();
    let request =
        [("taskToken", Some(token)), ("error", Some(error)), ("cause", Some(cause.trim_end()))];
    ("SendTaskFailure", texts(request))
}

fn shell(command: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut line = Command::new(shell);
    line.args([flag, command]);
    line
}

fn reading(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before the stream broke is what there is.
        let _broken = stream.map(|mut stream| stream.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
