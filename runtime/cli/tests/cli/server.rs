//! A server in a folder, and commands that talk to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::command::{Folder, Ran};

pub(crate) struct Server<'f> {
    folder: &'f Folder,
    child: Child,
    stderr: BufReader<ChildStderr>,
    pub endpoint: String,
    /// What it said at its start.
    pub greeting: String,
}

impl<'f> Server<'f> {
    /// Starts one at a free port, and waits until it answers.
    pub(crate) fn start(folder: &'f Folder, words: &[&str]) -> Self {
        Self::of(folder, folder.command(&[words, &["--address", "127.0.0.1:0"]].concat()))
    }

    pub(crate) fn of(folder: &'f Folder, mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (endpoint, greeting) = (String::new(), String::new());
        let mut server = Self { folder, child, stderr, endpoint, greeting };
        while server.endpoint.is_empty() {
            let line = server.next_line();
            server.greeting.push_str(&line);
            if let Some(rest) = line.strip_prefix("listening on ") {
                rest.split(';').next().unwrap().clone_into(&mut server.endpoint);
            }
        }
        server
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        let words: Vec<String> = line.split(' ').map(|word| word.replace('_', " ")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ran::of(self.command(&words).output().unwrap())
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.folder.command(words);
        command.env("STEPWELL_ENDPOINT", &self.endpoint);
        command
    }

    /// Runs a command that has to end well, and gives what it printed.
    #[track_caller]
    pub(crate) fn good(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "{line}: {}", ran.stderr);
        ran.stdout
    }

    /// What it says next.
    pub(crate) fn next_line(&mut self) -> String {
        let mut line = String::new();
        let length = self.stderr.read_line(&mut line).unwrap();
        assert!(length > 0, "it says nothing more; it began with {:?}", self.greeting);
        line
    }

    #[cfg(unix)]
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        let status = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
