//! Which of several names was meant.

/// The name with the fewest differences, if they are few enough to be a slip.
pub(super) fn nearest<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let slips_max = (given.chars().count() / 3).clamp(1, 3);
    let counted = names.map(|name| (differences(given, name), name));
    let best = counted.min_by_key(|(count, _)| *count);
    best.filter(|(count, _)| *count <= slips_max).map(|(_, name)| name)
}

/// How many letters have to be put in, taken out or changed.
fn differences(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (taken, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = taken + 1;
        for (position, to) in right.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[position + 1];
            row[position + 1] = change.min(diagonal + 1).min(row[position] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests;
