//! Pictures: how numbers, integers, dates and times are written and read, after the rules of `XPath`
//! that `JSONata` refers to.

pub(crate) mod calendar;
pub(crate) mod date;
pub(crate) mod integer;
pub(crate) mod number;

mod date_format;
mod date_read;
mod words;

/// The greatest factor of which all positions are multiples without a gap, or 0.
fn regular_repeat(positions: &[usize]) -> usize {
    let factor = positions.iter().fold(0, |a, b| greatest_common_divisor(a, *b));
    let is_regular = (1..=positions.len()).all(|nth| positions.contains(&(nth * factor)));
    if is_regular { factor } else { 0 }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests;
