//! The signals that end a server: Ctrl-C, and SIGTERM where there is such a thing.

use tokio::signal;

use crate::Exit;
use crate::complaint::Complaint;

#[derive(Debug)]
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: signal::unix::Signal,
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on they do not end the process by themselves.
    pub(crate) fn watch() -> Result<Self, Complaint> {
        use signal::unix::{SignalKind, signal};
        let watched = |kind| {
            signal(kind)
                .map_err(|error| Complaint::new(format_args!("cannot watch for signals: {error}")))
        };
        let (terminate, interrupt) =
            (watched(SignalKind::terminate())?, watched(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt })
    }

    /// Waits for one, and says which it was.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "Ctrl-C",
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn watch() -> Result<Self, Complaint> {
        Ok(Self {})
    }

    pub(crate) async fn next(&mut self) -> &'static str {
        if signal::ctrl_c().await.is_err() {
            // No signal will come.
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

impl Signals {
    /// Whoever asks a second time does not want to wait for anything.
    pub(crate) fn leave_at_the_next(mut self) {
        tokio::spawn(async move {
            self.next().await;
            leave();
        });
    }
}

#[expect(clippy::exit, reason = "whoever asks twice does not want to wait for anything")]
fn leave() {
    std::process::exit(Exit::Interrupted.code().into());
}
