//! The palettes of real photographs.

use super::*;

fn extract_from(picture: &str) -> Palette {
    let input = Input { picture: picture.to_owned(), colours: 5 };
    extract(&input, Path::new("../../pictures")).unwrap()
}

#[test]
fn the_colours_of_a_photograph_account_for_all_of_it() {
    let palette = extract_from("coffee.jpg");
    assert_eq!((palette.width, palette.height, palette.colours.len()), (600, 400, 5));
    let percent: u64 = palette.colours.iter().map(|colour| colour.percent).sum();
    assert!((98..=102).contains(&percent), "{palette:?}");
    assert!(palette.colours.is_sorted_by(|one, other| one.percent >= other.percent));
}

#[test]
fn a_palette_is_the_same_each_time() {
    assert_eq!(extract_from("cat.jpg"), extract_from("cat.jpg"));
}

#[test]
fn a_swatch_is_written_as_hex_and_rounded_percent() {
    let swatch = Swatch { colour: [255, 8, 0], pixels: 2 };
    assert_eq!(colour(&swatch, 3), Colour { hex: "#ff0800".to_owned(), percent: 67 });
}

#[test]
fn a_picture_that_is_not_there_has_a_name_to_catch() {
    let input = Input { picture: "dodo.jpg".to_owned(), colours: 5 };
    let failure = extract(&input, Path::new("../../pictures")).unwrap_err();
    assert_eq!(failure.error(), "Picture.Unreadable");
}
