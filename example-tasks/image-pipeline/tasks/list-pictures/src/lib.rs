//! Lists the pictures of the granted directory, in the order of their names.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const PICTURES: &str = "/pictures";

/// The task needs to know nothing.
#[derive(Deserialize)]
pub struct Input {}

#[derive(Debug, PartialEq, Serialize)]
pub struct Listing {
    pictures: Vec<Picture>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Picture {
    name: String,
    bytes: u64,
}

#[task]
fn list_pictures(_: Input) -> Result<Listing, TaskError> {
    let listing = list(Path::new(PICTURES))?;
    log::info!("{} pictures", listing.pictures.len());
    Ok(listing)
}

fn list(directory: &Path) -> Result<Listing, TaskError> {
    let entries = fs::read_dir(directory)
        .map_err(|error| TaskError::caused_by("Pictures.Unreadable", &error))?;
    let mut pictures = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A name that is not Unicode could not be passed on as JSON.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let metadata = entry.metadata()?;
        if metadata.is_file() && is_picture(&name) {
            pictures.push(Picture { name, bytes: metadata.len() });
        }
    }
    pictures.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Listing { pictures })
}

fn is_picture(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["jpg", "jpeg", "png"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests;
