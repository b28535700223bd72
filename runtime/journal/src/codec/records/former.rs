//! A type that has changed: its tag 2 was a grey without a shade.

use super::super::wire::{Field, Reader, Writer};
use super::super::{Corrupt, Flaw};
use super::Tagged;

#[derive(Debug, PartialEq)]
pub(in super::super) enum Colour {
    Red,
    Grey { shade: u32 },
}

tagged! {
    Colour, "colour";
    1 => Red,
    3 => Grey { shade },
    formerly {
        2 => grey_of_old,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "readers of former tags may fail")]
fn grey_of_old(_: &mut Reader<'_>) -> Result<Colour, Corrupt> {
    Ok(Colour::Grey { shade: 128 })
}
