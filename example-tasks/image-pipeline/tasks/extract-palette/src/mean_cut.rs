//! The mean cut: a palette by dividing the colours of a picture again and again.
//!
//! The colours lie in a cube, counted on a grid of 32 steps a side. A box around all of them is cut
//! in two at the mean of its longest side, and so is ever the box in which the most pixels differ
//! the most, until there is a box for each colour wanted. A box stands for the mean of its pixels.
//! Cutting at the median instead would make all boxes about equally full, and then the shares would
//! say nothing. Nothing is random, so the same picture gives the same palette.

const STEPS: usize = 32;

/// A colour, and how many pixels it stands for.
#[derive(Debug, PartialEq)]
pub(crate) struct Swatch {
    pub(crate) colour: [u8; 3],
    pub(crate) pixels: u64,
}

/// At most `wanted` colours, the most frequent first. A picture with fewer colours has fewer.
pub(crate) fn palette(pixels: impl Iterator<Item = [u8; 3]>, wanted: usize) -> Vec<Swatch> {
    let mut boxes = vec![count(pixels)];
    while boxes.len() < wanted {
        let Some(index) = widest(&boxes) else { break };
        let (low, high) = cut(boxes.swap_remove(index));
        boxes.extend([low, high]);
    }
    let mut swatches: Vec<Swatch> =
        boxes.iter().filter(|cells| !cells.is_empty()).map(|cells| swatch(cells)).collect();
    swatches.sort_by(|one, other| {
        other.pixels.cmp(&one.pixels).then_with(|| one.colour.cmp(&other.colour))
    });
    swatches
}

/// The pixels that fall on one point of the grid, with the sums of their channels.
#[derive(Clone, Copy, Default)]
struct Cell {
    pixels: u64,
    sums: [u64; 3],
}

impl Cell {
    fn add(&mut self, other: &Self) {
        self.pixels += other.pixels;
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum += more;
        }
    }

    fn mean(&self, channel: usize) -> u64 {
        self.sums[channel] / self.pixels
    }
}

fn count(pixels: impl Iterator<Item = [u8; 3]>) -> Vec<Cell> {
    let mut grid = vec![Cell::default(); STEPS * STEPS * STEPS];
    for colour in pixels {
        let index =
            colour.iter().fold(0, |index, &channel| index * STEPS + usize::from(channel >> 3));
        grid[index].add(&Cell { pixels: 1, sums: colour.map(u64::from) });
    }
    grid.retain(|cell| cell.pixels > 0);
    grid
}

/// The box to cut next, if any has more than one colour.
fn widest(boxes: &[Vec<Cell>]) -> Option<usize> {
    let weights = boxes.iter().map(|cells| {
        let pixels: u64 = cells.iter().map(|cell| cell.pixels).sum();
        pixels * longest_side(cells).1
    });
    let (index, weight) = weights.enumerate().max_by_key(|&(_, weight)| weight)?;
    (weight > 0).then_some(index)
}

/// The channel in which the colours differ the most, and by how much.
fn longest_side(cells: &[Cell]) -> (usize, u64) {
    let side = |channel| {
        let values = cells.iter().map(|cell| cell.mean(channel));
        values.clone().max().unwrap_or(0) - values.min().unwrap_or(0)
    };
    (0..3).map(|channel| (channel, side(channel))).max_by_key(|&(_, side)| side).unwrap_or((0, 0))
}

/// The cells up to the mean of the longest side, and those above it. A box with more than one
/// colour has both: the mean of unequal whole numbers lies below the largest.
fn cut(cells: Vec<Cell>) -> (Vec<Cell>, Vec<Cell>) {
    let (channel, _) = longest_side(&cells);
    let pixels: u64 = cells.iter().map(|cell| cell.pixels).sum();
    let sum: u64 = cells.iter().map(|cell| cell.mean(channel) * cell.pixels).sum();
    cells.into_iter().partition(|cell| cell.mean(channel) <= sum / pixels)
}

fn swatch(cells: &[Cell]) -> Swatch {
    let mut all = Cell::default();
    for cell in cells {
        all.add(cell);
    }
    let colour = [0, 1, 2]
        .map(|channel| u8::try_from(all.mean(channel)).expect("the mean of bytes is a byte"));
    Swatch { colour, pixels: all.pixels }
}

#[cfg(test)]
mod tests;
