//! Makes a smaller copy of a picture, as a JPEG of the wanted width.

use std::fs;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

const PICTURES: &str = "/pictures";
const RESULTS: &str = "/results";
const JPEG_QUALITY: u8 = 85;

#[derive(Deserialize)]
pub struct Input {
    picture: String,
    width: u32,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Thumbnail {
    picture: String,
    file: String,
    width: u32,
    height: u32,
    bytes: usize,
}

#[task]
fn resize_picture(input: Input) -> Result<Thumbnail, TaskError> {
    resize(&input, Path::new(PICTURES), Path::new(RESULTS))
}

fn resize(input: &Input, pictures: &Path, results: &Path) -> Result<Thumbnail, TaskError> {
    let picture = image::open(pictures.join(&input.picture))
        .map_err(|error| TaskError::caused_by("Picture.Unreadable", &error))?;
    let (width, height) = fit(picture.width(), picture.height(), input.width);
    log::info!(
        "{}: {} x {} to {width} x {height}",
        input.picture,
        picture.width(),
        picture.height()
    );
    let small = picture.resize_exact(width, height, FilterType::CatmullRom).into_rgb8();

    let mut jpeg = Vec::new();
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY))?;
    let stem = Path::new(&input.picture).with_extension("");
    let file = format!("{}-{width}.jpg", stem.display());
    fs::write(results.join(&file), &jpeg)
        .map_err(|error| TaskError::caused_by("Results.Unwritable", &error))?;
    Ok(Thumbnail { picture: input.picture.clone(), file, width, height, bytes: jpeg.len() })
}

/// The size with the same proportions and the wanted width. A picture is never enlarged, and never
/// less than one pixel high.
fn fit(width: u32, height: u32, wanted: u32) -> (u32, u32) {
    let fitted = wanted.clamp(1, width);
    let scaled = (u64::from(height) * u64::from(fitted) + u64::from(width) / 2) / u64::from(width);
    (fitted, u32::try_from(scaled).expect("no higher than before").max(1))
}

#[cfg(test)]
mod tests;
