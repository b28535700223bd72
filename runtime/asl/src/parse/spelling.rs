//! Which known name somebody may have meant.

/// Names longer than this are not compared: no state and no field has one.
const LENGTH_MAX: usize = 80;

/// More mistakes than this make it another name.
const MISTAKES_MAX: usize = 3;

/// The candidate that differs from `name` by the fewest mistakes, and by few for its length.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > LENGTH_MAX {
        return None;
    }
    let name = letters(name);
    let near = candidates.into_iter().filter(|candidate| candidate.len() <= LENGTH_MAX);
    let near = near.filter_map(|candidate| {
        let letters = letters(candidate);
        let most = MISTAKES_MAX.min(letters.len() / 3);
        if name.len().abs_diff(letters.len()) > most {
            return None;
        }
        let mistakes = mistakes(&name, &letters);
        (mistakes <= most).then_some((mistakes, candidate))
    });
    near.min_by_key(|(mistakes, _)| *mistakes).map(|(_, candidate)| candidate)
}

fn letters(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// How many letters were left out, added, replaced, or swapped with their neighbour.
///
/// The distance of optimal string alignment, row by row; a swap looks back by two rows.
fn mistakes(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != other);
            let mut least = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            let is_swap =
                row > 0 && column > 0 && from[row - 1] == *other && to[column - 1] == *letter;
            if is_swap {
                least = least.min(before[column - 1] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests;
