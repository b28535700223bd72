//! Writes a picture in the other format: a JPEG as PNG, a PNG as JPEG.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, ImageReader};
use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const PICTURES: &str = "/pictures";
const RESULTS: &str = "/results";

#[derive(Deserialize)]
pub struct Input {
    picture: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Converted {
    picture: String,
    file: String,
    format: &'static str,
    bytes: usize,
}

#[task]
fn convert_picture(input: Input) -> Result<Converted, TaskError> {
    convert(&input, Path::new(PICTURES), Path::new(RESULTS))
}

fn convert(input: &Input, pictures: &Path, results: &Path) -> Result<Converted, TaskError> {
    let (picture, format) = open(&pictures.join(&input.picture))?;
    let target = other(format);
    // JPEG knows no transparency.
    let picture = if target == ImageFormat::Jpeg { picture.into_rgb8().into() } else { picture };

    let mut encoded = Cursor::new(Vec::new());
    picture.write_to(&mut encoded, target)?;
    let encoded = encoded.into_inner();
    let extension = target.extensions_str()[0];
    let file = Path::new(&input.picture).with_extension(extension).display().to_string();
    fs::write(results.join(&file), &encoded)
        .map_err(|error| TaskError::caused_by("Results.Unwritable", &error))?;
    log::info!("{} is {file} now: {} bytes", input.picture, encoded.len());
    Ok(Converted {
        picture: input.picture.clone(),
        file,
        format: target.to_mime_type(),
        bytes: encoded.len(),
    })
}

/// The format is the one of the content, whatever the name says.
fn open(path: &Path) -> Result<(DynamicImage, ImageFormat), TaskError> {
    let reader = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(|error| TaskError::caused_by("Picture.Unreadable", &error))?;
    let format = reader.format().ok_or_else(|| {
        TaskError::new("Picture.Unreadable", format!("{}: neither JPEG nor PNG", path.display()))
    })?;
    let picture =
        reader.decode().map_err(|error| TaskError::caused_by("Picture.Unreadable", &error))?;
    Ok((picture, format))
}

fn other(format: ImageFormat) -> ImageFormat {
    if format == ImageFormat::Png { ImageFormat::Jpeg } else { ImageFormat::Png }
}

#[cfg(test)]
mod tests;
