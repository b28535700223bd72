//! Finds the colours that make up a picture.

use std::path::Path;

use serde::{Deserialize, Serialize};
use stepwell_task::{TaskError, log, task};

use mean_cut::Swatch;

mod mean_cut;

const PICTURES: &str = "/pictures";

#[derive(Deserialize)]
pub struct Input {
    picture: String,
    colours: usize,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Palette {
    picture: String,
    width: u32,
    height: u32,
    colours: Vec<Colour>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Colour {
    hex: String,
    percent: u64,
}

#[task]
fn extract_palette(input: Input) -> Result<Palette, TaskError> {
    extract(&input, Path::new(PICTURES))
}

fn extract(input: &Input, pictures: &Path) -> Result<Palette, TaskError> {
    let picture = image::open(pictures.join(&input.picture))
        .map_err(|error| TaskError::caused_by("Picture.Unreadable", &error))?
        .into_rgb8();
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    let swatches = mean_cut::palette(picture.pixels().map(|pixel| pixel.0), input.colours);
    let colours: Vec<Colour> = swatches.iter().map(|swatch| colour(swatch, pixels)).collect();
    if let Some(first) = colours.first() {
        log::info!("{}: most of all {}", input.picture, first.hex);
    }
    Ok(Palette {
        picture: input.picture.clone(),
        width: picture.width(),
        height: picture.height(),
        colours,
    })
}

fn colour(swatch: &Swatch, pixels: u64) -> Colour {
    let [red, green, blue] = swatch.colour;
    Colour {
        hex: format!("#{red:02x}{green:02x}{blue:02x}"),
        percent: (swatch.pixels * 100 + pixels / 2) / pixels,
    }
}

#[cfg(test)]
mod tests;
