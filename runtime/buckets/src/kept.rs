//! Readers that stay open from one piece to the next.

use stepwell_value::Str;

use crate::reader::Reader;

/// How many map runs may have a reader open. Whoever reads most seldom loses its own, and pays with
/// reading anew what it has read before.
const READERS_MAX: usize = 64;

/// By the ARN of their map run, the one that was used last at the end.
#[derive(Debug, Default)]
pub(crate) struct Kept(Vec<(Str, Reader)>);

impl Kept {
    /// The run's reader, if it stands at the wanted item.
    pub(crate) fn take(&mut self, run: &Str, from: u64) -> Option<Reader> {
        let place = self.0.iter().position(|(owner, _)| owner == run)?;
        let (_, reader) = self.0.remove(place);
        (reader.read() == from).then_some(reader)
    }

    pub(crate) fn put(&mut self, run: Str, reader: Reader) {
        if self.0.len() == READERS_MAX {
            self.0.remove(0);
        }
        self.0.push((run, reader));
    }
}
