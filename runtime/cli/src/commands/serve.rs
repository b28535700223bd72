//! `stepwell serve`: the API on an address, until a signal says otherwise.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use stepwell::Stepwell;
use stepwell_api::Server;
use tokio::runtime;

use crate::arguments::Serve;
use crate::complaint::Complaint;
use crate::config::{Config, keys};
use crate::printer::Printer;
use crate::{Ended, Exit};

use assembly::Assembled;
pub(super) use signals::Signals;

mod access;
mod assembly;
mod signals;
mod telling;

/// How long tasks that run may take to end once the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// A runtime that is open, and the server that is about to answer for it.
pub(super) struct Opened {
    pub stepwell: Stepwell,
    pub server: Server,
}

pub(crate) fn run(printer: Printer, file: Option<&Path>, options: &Serve) -> Ended {
    let config = Config::load(file, &options.server.flags())?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Complaint::of(&error))?;
    let ended = runtime.block_on(serve(printer, &config));
    // A task that was given up is not waited for.
    runtime.shutdown_background();
    ended
}

async fn serve(printer: Printer, config: &Config) -> Ended {
    let signals = Signals::watch()?;
    let opened = open(printer, config).await?;
    answer(printer, opened, signals).await;
    Ok(Exit::Success)
}

/// Checks everything, and binds the address.
pub(super) async fn open(printer: Printer, config: &Config) -> Result<Opened, Complaint> {
    access::check_address(config)?;
    let mut options = access::options(config)?;
    let has_keys = options.keys.is_some();
    let Assembled { stepwell, metrics } = assembly::assemble(printer, config)?;
    options.metrics = Some(Arc::new(move || metrics.render()));
    let server = Server::bind(config.address(), stepwell.clone(), options).await;
    let server = server.map_err(|error| access::of_bind_error(&error))?;
    printer.say(greeting(config, &server, has_keys));
    Ok(Opened { stepwell, server })
}

/// Answers until a signal comes, then lets what is under way end.
pub(super) async fn answer(
    printer: Printer,
    Opened { stepwell, server }: Opened,
    mut signals: Signals,
) {
    let stop = async {
        let signal = signals.next().await;
        printer.say(format_args!("{signal}: no more calls are taken; once more leaves at once"));
        signals.leave_at_the_next();
    };
    server.run(stop).await;
    stepwell.close(PATIENCE).await;
    printer.say("everything that was decided is kept");
}

fn greeting(config: &Config, server: &Server, has_keys: bool) -> String {
    let scheme = if config.path(&keys::TLS_CERTIFICATE).is_some() { "https" } else { "http" };
    let kept = config.store().map_or_else(
        || "executions are kept in memory, and lost at the end".to_owned(),
        |store| format!("executions are kept in {}", store.display()),
    );
    let may = match config.access_keys.len() {
        0 => "there are no access keys: whoever reaches it may do everything".to_owned(),
        1 => "there is one access key".to_owned(),
        count => format!("there are {count} access keys"),
    };
    debug_assert_eq!(has_keys, !config.access_keys.is_empty());
    format!("listening on {scheme}://{}; {kept}; {may}", server.address())
}
