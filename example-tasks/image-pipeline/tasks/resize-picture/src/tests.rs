//! Sizes by arithmetic, and one real photograph.

use super::*;

#[test]
fn proportions_are_kept_to_the_nearest_pixel() {
    assert_eq!(fit(640, 427, 320), (320, 214));
    assert_eq!(fit(451, 300, 200), (200, 133));
    assert_eq!(fit(1000, 2, 100), (100, 1));
}

#[test]
fn a_picture_is_never_enlarged() {
    assert_eq!(fit(640, 427, 1000), (640, 427));
}

#[test]
fn a_photograph_becomes_a_smaller_jpeg() {
    let results = std::env::temp_dir().join(format!("resize-picture-{}", std::process::id()));
    fs::create_dir_all(&results).unwrap();
    let input = Input { picture: "rocket.jpg".to_owned(), width: 160 };
    let thumbnail = resize(&input, Path::new("../../pictures"), &results).unwrap();

    assert_eq!(thumbnail.file, "rocket-160.jpg");
    let written = image::open(results.join(&thumbnail.file)).unwrap();
    assert_eq!((written.width(), written.height()), (160, 107));
    assert_eq!(fs::read(results.join(&thumbnail.file)).unwrap().len(), thumbnail.bytes);
    fs::remove_dir_all(&results).unwrap();
}

#[test]
fn a_picture_that_is_not_there_has_a_name_to_catch() {
    let input = Input { picture: "dodo.jpg".to_owned(), width: 160 };
    let failure = resize(&input, Path::new("../../pictures"), Path::new("/")).unwrap_err();
    assert_eq!(failure.error(), "Picture.Unreadable");
}
