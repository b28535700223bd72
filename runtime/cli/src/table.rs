//! Rows of texts, one below the other.

use crate::visible::Visible;

/// Every column is as wide as its widest text; control characters are shown.
pub(crate) fn rows<const N: usize>(rows: &[[String; N]]) -> String {
    let shown: Vec<[String; N]> =
        rows.iter().map(|row| row.each_ref().map(|cell| Visible(cell).to_string())).collect();
    let mut widths = [0; N];
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    shown.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
