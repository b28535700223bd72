//! `stepwell config`: what is set, and where.

use std::path::Path;

use crate::arguments::{ConfigArgs, ConfigCommand};
use crate::config::Config;
use crate::printer;
use crate::{Ended, Exit};

pub(crate) fn run(file: Option<&Path>, options: &ConfigArgs) -> Ended {
    let ConfigCommand::Show { server } = &options.command;
    let config = Config::load(file, &server.flags())?;
    printer::data(config.to_toml().trim_end())?;
    Ok(Exit::Success)
}
