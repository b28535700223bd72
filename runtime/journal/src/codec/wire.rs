//! The parts that every record is made of.
//!
//! | part | bytes |
//! | --- | --- |
//! | number | seven bits a byte, lowest first; the high bit says that more follow; at most 64 bits |
//! | signed number | `2 n` for `n` of 0 or more, `-2 n - 1` below, as a number |
//! | flag | 0 or 1 |
//! | fraction | the eight bytes of a double, lowest first |
//! | text | its length in bytes, and UTF-8 |
//! | optional | 0, or 1 and the part |
//! | time | 0: the event's own; 1: seconds (signed) after the event's, nanoseconds of the second; 2: seconds (signed) after the event's, to the same nanosecond |
//! | payload | 0 and the JSON as a text; or how many payloads of the record back it is, 1 for the last |
//!
//! An event's own time is written as the time of the event before it would be, which is
//! 1970-01-01T00:00:00Z for the first.

use std::collections::HashMap;
use std::sync::Arc;

use stepwell_asl::{MachineIdx, StateIdx, Timestamp};
use stepwell_kernel::{FrameId, TaskId};
use stepwell_value::{Payload, Str};

use super::{Corrupt, Flaw};

/// A part of a record. What is written is read back equal.
pub(super) trait Field: Sized {
    fn write(&self, to: &mut Writer);
    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt>;
    /// Some value of the type, for tests.
    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self;
}

pub(super) struct Writer {
    bytes: Vec<u8>,
    now: Timestamp,
    /// The payloads that were written, by address, with their position.
    payloads: HashMap<usize, usize>,
}

impl Writer {
    pub(super) fn new(version: u8) -> Self {
        Self { bytes: vec![version], now: Timestamp::EPOCH, payloads: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// An event begins.
    pub(super) fn now(&mut self, at: Timestamp) {
        at.write(self);
        self.now = at;
    }
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    now: Timestamp,
    payloads: Vec<Payload>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, now: Timestamp::EPOCH, payloads: Vec::new() }
    }

    pub(super) fn flaw(&self, flaw: Flaw) -> Corrupt {
        Corrupt { offset: self.offset, flaw }
    }

    pub(super) fn end(&self) -> Result<(), Corrupt> {
        if self.offset == self.bytes.len() { Ok(()) } else { Err(self.flaw(Flaw::Trailing)) }
    }

    pub(super) fn byte(&mut self) -> Result<u8, Corrupt> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn number(&mut self) -> Result<u64, Corrupt> {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift > 63 || (shift == 63 && bits > 1) {
                return Err(self.flaw(Flaw::NumberTooLarge));
            }
            number |= bits << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(number)
    }

    fn signed(&mut self) -> Result<i64, Corrupt> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    fn text(&mut self) -> Result<&'a str, Corrupt> {
        let length = self.number()?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let bytes = self.take(length)?;
        str::from_utf8(bytes).ok().ok_or_else(|| self.flaw(Flaw::NotText))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Corrupt> {
        let rest = &self.bytes[self.offset..];
        let taken = rest.get(..length).ok_or_else(|| self.flaw(Flaw::Truncated))?;
        self.offset += length;
        Ok(taken)
    }

    pub(super) fn now(&mut self) -> Result<Timestamp, Corrupt> {
        self.now = Timestamp::read(self)?;
        Ok(self.now)
    }
}

impl Field for bool {
    fn write(&self, to: &mut Writer) {
        to.byte(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(from.flaw(Flaw::UnknownTag { of: "flag", tag })),
        }
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        from.below(2) == 1
    }
}

impl Field for u64 {
    fn write(&self, to: &mut Writer) {
        to.number(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        from.number()
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        let bits = from.below(64);
        from.next() >> bits
    }
}

impl Field for u32 {
    fn write(&self, to: &mut Writer) {
        to.number(u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let number = from.number()?;
        Self::try_from(number).ok().ok_or_else(|| from.flaw(Flaw::NumberTooLarge))
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        u64::sample(from).to_le_bytes().first_chunk().copied().map_or(0, Self::from_le_bytes)
    }
}

impl Field for f64 {
    fn write(&self, to: &mut Writer) {
        to.bytes.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let bytes = from.take(8)?.first_chunk().copied();
        bytes.map(Self::from_le_bytes).ok_or_else(|| from.flaw(Flaw::Truncated))
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        Self::from(u32::sample(from)) / 16.0
    }
}

impl Field for Str {
    fn write(&self, to: &mut Writer) {
        to.text(self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        from.text().map(Self::from)
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        from.text().into()
    }
}

impl Field for Timestamp {
    fn write(&self, to: &mut Writer) {
        let seconds = self.unix_seconds().wrapping_sub(to.now.unix_seconds());
        if *self == to.now {
            to.byte(0);
        } else if self.subsec_nanos() == to.now.subsec_nanos() {
            to.byte(2);
            to.signed(seconds);
        } else {
            to.byte(1);
            to.signed(seconds);
            to.number(u64::from(self.subsec_nanos()));
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let now = from.now;
        let (seconds, nanos) = match from.byte()? {
            0 => return Ok(now),
            1 => (from.signed()?, u32::read(from)?),
            2 => (from.signed()?, now.subsec_nanos()),
            tag => return Err(from.flaw(Flaw::UnknownTag { of: "time", tag })),
        };
        let time = Self::from_unix(now.unix_seconds().wrapping_add(seconds), nanos);
        time.ok_or_else(|| from.flaw(Flaw::NotATime))
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        from.time()
    }
}

impl Field for Payload {
    fn write(&self, to: &mut Writer) {
        let position = to.payloads.len();
        if let Some(earlier) = to.payloads.get(&self.address()) {
            to.number((position - earlier) as u64);
        } else {
            to.payloads.insert(self.address(), position);
            to.number(0);
            to.text(self.text());
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        let back = from.number()?;
        if back == 0 {
            let payload = Self::parse(from.text()?);
            let payload = payload.map_err(|error| from.flaw(Flaw::NotJson(error)))?;
            from.payloads.push(payload.clone());
            return Ok(payload);
        }
        let back = usize::try_from(back).ok();
        let position = back.and_then(|back| from.payloads.len().checked_sub(back));
        let payload = position.and_then(|position| from.payloads.get(position));
        payload.cloned().ok_or_else(|| from.flaw(Flaw::Dangling))
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        from.payload()
    }
}

impl<T: Field> Field for Option<T> {
    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(part) = self {
            part.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        if bool::read(from)? { T::read(from).map(Some) } else { Ok(None) }
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        bool::sample(from).then(|| T::sample(from))
    }
}

impl<T: Field> Field for Arc<T> {
    fn write(&self, to: &mut Writer) {
        T::write(self, to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
        T::read(from).map(Self::new)
    }

    #[cfg(test)]
    fn sample(from: &mut crate::codec::tests::Samples) -> Self {
        Self::new(T::sample(from))
    }
}

/// A type that is a number under another name.
macro_rules! numbered {
    ($($type:ty: $from:expr, $number:expr;)*) => {$(
        impl Field for $type {
            fn write(&self, to: &mut Writer) {
                to.number(u64::from($number(*self)));
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, Corrupt> {
                u32::read(from).map($from)
            }

            #[cfg(test)]
            fn sample(from: &mut crate::codec::tests::Samples) -> Self {
                $from(u32::sample(from))
            }
        }
    )*};
}

numbered! {
    FrameId: FrameId, |frame: FrameId| frame.0;
    TaskId: TaskId, |task: TaskId| task.0;
    StateIdx: StateIdx::from_number, StateIdx::number;
    MachineIdx: MachineIdx::from_number, MachineIdx::number;
}
