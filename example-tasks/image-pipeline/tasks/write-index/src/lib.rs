//! Writes what the pipeline made as `index.json`, and as a page to look at.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

mod gallery;

const RESULTS: &str = "/results";
const INDEX: &str = "index.json";
const GALLERY: &str = "index.html";

#[derive(Deserialize, Serialize)]
pub struct Index {
    title: String,
    pictures: Vec<Picture>,
}

#[derive(Deserialize, Serialize)]
struct Picture {
    picture: String,
    width: u32,
    height: u32,
    thumbnail: Thumbnail,
    converted: Converted,
    colours: Vec<Colour>,
}

#[derive(Deserialize, Serialize)]
struct Thumbnail {
    file: String,
    width: u32,
    height: u32,
}

#[derive(Deserialize, Serialize)]
struct Converted {
    file: String,
    format: String,
    bytes: u64,
}

#[derive(Deserialize, Serialize)]
struct Colour {
    hex: String,
    percent: u64,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Written {
    index: &'static str,
    gallery: &'static str,
    pictures: usize,
}

#[task]
fn write_index(index: Index) -> Result<Written, TaskError> {
    let written = write(&index, Path::new(RESULTS))?;
    log::info!("{} pictures in {}", written.pictures, written.gallery);
    Ok(written)
}

fn write(index: &Index, results: &Path) -> Result<Written, TaskError> {
    let json = serde_json::to_string_pretty(index)?;
    for (file, content) in [(INDEX, json), (GALLERY, gallery::page(index))] {
        fs::write(results.join(file), content)
            .map_err(|error| TaskError::caused_by("Results.Unwritable", &error))?;
    }
    Ok(Written { index: INDEX, gallery: GALLERY, pictures: index.pictures.len() })
}

#[cfg(test)]
mod tests;
