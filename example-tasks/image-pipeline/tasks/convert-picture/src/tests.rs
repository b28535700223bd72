//! There and back again, with a real photograph.

use std::path::PathBuf;

use super::*;

/// A directory of the test's own, gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn input(picture: &str) -> Input {
    Input { picture: picture.to_owned() }
}

#[test]
fn a_jpeg_becomes_a_png_with_the_same_pixels_and_back() {
    let png = Scratch::new("convert-to-png");
    let converted = convert(&input("cat.jpg"), Path::new("../../pictures"), &png.0).unwrap();
    assert_eq!((converted.file.as_str(), converted.format), ("cat.png", "image/png"));
    let original = image::open("../../pictures/cat.jpg").unwrap();
    assert_eq!(image::open(png.0.join("cat.png")).unwrap(), original);

    let jpeg = Scratch::new("convert-to-jpeg");
    let back = convert(&input("cat.png"), &png.0, &jpeg.0).unwrap();
    assert_eq!((back.file.as_str(), back.format), ("cat.jpg", "image/jpeg"));
    assert_eq!(fs::metadata(jpeg.0.join("cat.jpg")).unwrap().len(), back.bytes as u64);
    assert_eq!(open(&jpeg.0.join("cat.jpg")).unwrap().1, ImageFormat::Jpeg);
}

#[test]
fn the_content_decides_not_the_name() {
    let misnamed = Scratch::new("convert-misnamed");
    fs::copy("../../pictures/cat.jpg", misnamed.0.join("cat.png")).unwrap();
    assert_eq!(open(&misnamed.0.join("cat.png")).unwrap().1, ImageFormat::Jpeg);
}

#[test]
fn a_file_that_is_no_picture_has_a_name_to_catch() {
    let failure =
        convert(&input("LICENCES.md"), Path::new("../../pictures"), Path::new("/")).unwrap_err();
    assert_eq!(failure.error(), "Picture.Unreadable");
}
