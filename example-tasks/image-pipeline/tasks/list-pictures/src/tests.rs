//! Only pictures are listed, and always in the same order.

use super::*;

#[test]
fn the_photographs_of_the_example_are_listed_by_name() {
    let listing = list(Path::new("../../pictures")).unwrap();
    let names: Vec<&str> = listing.pictures.iter().map(|picture| picture.name.as_str()).collect();
    assert_eq!(names, ["astronaut.jpg", "cat.jpg", "coffee.jpg", "rocket.jpg"]);
    assert_eq!(listing.pictures[1].bytes, fs::metadata("../../pictures/cat.jpg").unwrap().len());
}

#[test]
fn the_extension_makes_a_picture() {
    assert!(is_picture("a.JPG") && is_picture("b.jpeg") && is_picture("c.d.png"));
    assert!(!is_picture("LICENCES.md") && !is_picture("jpg") && !is_picture(".png"));
}

#[test]
fn a_directory_that_is_not_granted_has_a_name_to_catch() {
    let failure = list(Path::new("/pictures-that-nobody-granted")).unwrap_err();
    assert_eq!(failure.error(), "Pictures.Unreadable");
}
