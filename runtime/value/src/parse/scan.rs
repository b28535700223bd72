//! The check that a text is a document, which builds nothing.
//!
//! It goes through the text without recursion: which kind of container each level is takes a bit.

use super::reader::{Reader, Refused};
use super::{DEPTH_MAX, ErrorKind};

/// Tells how deep the document nests.
pub(super) fn document(reader: &mut Reader<'_>) -> Result<usize, Refused> {
    let mut levels = Levels::default();
    loop {
        if value_start(reader, &mut levels)? {
            continue;
        }
        loop {
            match levels.innermost {
                None => return reader.expect_end().map(|()| levels.deepest),
                Some(Container::Array) if reader.array_goes_on()? => break,
                Some(Container::Object) if reader.object_goes_on()? => {
                    reader.name()?;
                    break;
                }
                Some(_) => levels.leave(),
            }
        }
    }
}

/// Reads one value or enters a container; tells whether a value inside it comes next.
fn value_start(reader: &mut Reader<'_>, levels: &mut Levels) -> Result<bool, Refused> {
    match reader.peek_value()? {
        b'"' => reader.string().map(|_| false),
        b'[' => {
            levels.enter(reader, Container::Array)?;
            if reader.open(b']') {
                levels.leave();
                return Ok(false);
            }
            Ok(true)
        }
        b'{' => {
            levels.enter(reader, Container::Object)?;
            if reader.open(b'}') {
                levels.leave();
                return Ok(false);
            }
            reader.name()?;
            Ok(true)
        }
        b't' => reader.literal("true").map(|()| false),
        b'f' => reader.literal("false").map(|()| false),
        b'n' => reader.literal("null").map(|()| false),
        _ => reader.number().map(|_| false),
    }
}

#[derive(Clone, Copy)]
enum Container {
    Array,
    Object,
}

/// The containers that are open.
struct Levels {
    innermost: Option<Container>,
    depth: usize,
    deepest: usize,
    /// One bit for each level: whether it is an object.
    objects: [u64; DEPTH_MAX.div_ceil(64)],
}

impl Default for Levels {
    fn default() -> Self {
        Self { innermost: None, depth: 0, deepest: 0, objects: [0; DEPTH_MAX.div_ceil(64)] }
    }
}

impl Levels {
    fn enter(&mut self, reader: &mut Reader<'_>, container: Container) -> Result<(), Refused> {
        if self.depth == DEPTH_MAX {
            return Err(reader.refuse(ErrorKind::TooDeep));
        }
        let (word, bit) = (self.depth / 64, 1 << (self.depth % 64));
        match container {
            Container::Array => self.objects[word] &= !bit,
            Container::Object => self.objects[word] |= bit,
        }
        self.innermost = Some(container);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.innermost = self.depth.checked_sub(1).map(|level| {
            let is_object = self.objects[level / 64] & (1 << (level % 64)) != 0;
            if is_object { Container::Object } else { Container::Array }
        });
    }
}
