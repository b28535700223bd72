//! Small pictures whose palettes can be worked out by hand.

use std::iter::repeat_n;

use super::*;

const RED: [u8; 3] = [255, 0, 0];
const DARK_RED: [u8; 3] = [127, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];

#[track_caller]
fn check(pixels: &[([u8; 3], usize)], wanted: usize, expected: &[([u8; 3], u64)]) {
    let pixels = pixels.iter().flat_map(|&(colour, times)| repeat_n(colour, times));
    let found: Vec<_> =
        palette(pixels, wanted).into_iter().map(|swatch| (swatch.colour, swatch.pixels)).collect();
    assert_eq!(found, expected);
}

#[test]
fn each_colour_gets_its_swatch_most_frequent_first() {
    check(&[(BLUE, 2), (RED, 5), (DARK_RED, 3)], 3, &[(RED, 5), (DARK_RED, 3), (BLUE, 2)]);
}

#[test]
fn colours_that_must_share_a_swatch_are_near_each_other() {
    let mean = [191, 0, 0];
    check(&[(BLUE, 6), (RED, 3), (DARK_RED, 3)], 2, &[(BLUE, 6), (mean, 6)]);
}

#[test]
fn a_difference_among_many_pixels_goes_before_a_larger_one_among_few() {
    let (sky, cloud) = ([0, 0, 200], [0, 0, 240]);
    // The mean of the two reds.
    let few = [205, 0, 0];
    check(
        &[(sky, 50), (cloud, 50), (RED, 1), ([155, 0, 0], 1)],
        3,
        &[(sky, 50), (cloud, 50), (few, 2)],
    );
}

#[test]
fn a_rare_colour_that_differs_is_cut_off() {
    check(&[(RED, 99), (BLUE, 1)], 2, &[(RED, 99), (BLUE, 1)]);
    check(&[(RED, 1), (BLUE, 99)], 2, &[(BLUE, 99), (RED, 1)]);
}

#[test]
fn a_cell_at_the_mean_does_not_take_the_others_along() {
    // The grid rounds the second colour down to the mean of both.
    check(
        &[([8, 0, 0], 1), ([16, 0, 0], 1), ([17, 0, 0], 900)],
        2,
        &[([16, 0, 0], 901), ([8, 0, 0], 1)],
    );
}

#[test]
fn one_colour_makes_one_swatch_however_many_are_wanted() {
    check(&[(RED, 4)], 5, &[(RED, 4)]);
}

#[test]
fn no_pixels_make_no_swatch() {
    check(&[], 5, &[]);
}

#[test]
fn colours_closer_than_the_grid_are_one() {
    check(&[([0, 0, 0], 1), ([6, 6, 6], 1)], 5, &[([3, 3, 3], 2)]);
}
