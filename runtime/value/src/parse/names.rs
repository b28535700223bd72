//! Names of members, made once and shared.
//!
//! The objects of an array mostly have the same names. A document's parse remembers the names it
//! met in a small table with one place for each; a name that falls on another's place takes it over.

use crate::Str;

/// Longer names are seldom met again.
const SHARED_LENGTH_MAX: usize = 64;

pub(super) struct Names {
    /// For each place the name there, counted from 1, or 0.
    places: [u8; 256],
    names: Vec<Str>,
}

pub(super) struct Name {
    pub text: Str,
    /// One bit, the same for equal names.
    pub mark: u64,
}

impl Default for Names {
    fn default() -> Self {
        Self { places: [0; 256], names: Vec::new() }
    }
}

impl Names {
    #[inline]
    pub(super) fn share(&mut self, name: &str) -> Name {
        let fingerprint = fingerprint(name.as_bytes());
        let mark = 1 << (fingerprint >> 58);
        Name { text: self.find_or_make(name, fingerprint), mark }
    }

    fn find_or_make(&mut self, name: &str, fingerprint: u64) -> Str {
        if name.len() > SHARED_LENGTH_MAX {
            return name.into();
        }
        let place = &mut self.places[(fingerprint >> 50) as usize & 0xff];
        match usize::from(*place).checked_sub(1).and_then(|at| self.names.get_mut(at)) {
            Some(known) if **known == *name => Str::clone(known),
            Some(known) => {
                *known = name.into();
                Str::clone(known)
            }
            None => {
                let text = Str::from(name);
                if let Ok(nth) = u8::try_from(self.names.len() + 1) {
                    self.names.push(Str::clone(&text));
                    *place = nth;
                }
                text
            }
        }
    }
}

/// Mixes a name's length, its first and its last bytes; the high bits are the good ones.
fn fingerprint(name: &[u8]) -> u64 {
    let (head, tail) = match name {
        [] => (0, 0),
        [first, .., last] if name.len() < 4 => ((*first).into(), (*last).into()),
        [only] => ((*only).into(), 0),
        _ => ends(name),
    };
    let length = name.len() as u64;
    (head ^ tail.rotate_left(29) ^ length << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The first and the last eight or four bytes of at least four.
fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(head), Some(tail)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from_le_bytes(*head), u64::from_le_bytes(*tail));
    }
    let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes).into());
    (half(name.first_chunk()), half(name.last_chunk()))
}
