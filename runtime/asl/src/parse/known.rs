//! The names of an object's fields that somebody has asked for.

/// As many as most objects have; the rest takes an allocation.
const INLINE: usize = 20;

pub(super) struct Known {
    first: [&'static str; INLINE],
    length: usize,
    rest: Vec<&'static str>,
}

impl Known {
    pub(super) fn new() -> Self {
        Self { first: [""; INLINE], length: 0, rest: Vec::new() }
    }

    pub(super) fn push(&mut self, name: &'static str) {
        match self.first.get_mut(self.length) {
            Some(place) => {
                *place = name;
                self.length += 1;
            }
            None => self.rest.push(name),
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.first().contains(&name) || self.rest.contains(&name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.first().iter().chain(&self.rest).copied()
    }

    fn first(&self) -> &[&'static str] {
        self.first.get(..self.length).unwrap_or_default()
    }
}
