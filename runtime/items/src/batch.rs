//! Items put together into the inputs of child executions: an `ItemBatcher`.

use std::fmt::{self, Write};
use std::num::NonZeroU64;

use stepwell_value::{Object, Value};

/// The longest input of an execution: 256 KiB.
pub const PAYLOAD_BYTES_MAX: u64 = 256 * 1024;

/// How to put items together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batcher {
    /// `MaxItemsPerBatch`.
    pub items_max: Option<NonZeroU64>,
    /// `MaxInputBytesPerBatch`; more than [`PAYLOAD_BYTES_MAX`] counts as that.
    pub bytes_max: Option<NonZeroU64>,
    pub batch_input: Option<Value>,
}

/// The input of a child execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `{"BatchInput": ..., "Items": [...]}`, the first only if there is one.
    pub input: Value,
    /// How many items are in it; never 0.
    pub items: u64,
}

/// Why there is no further batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchFailure<E> {
    /// The items' own failure.
    Items(E),
    /// A batch of this item alone would be too long.
    ItemTooLong {
        /// Counted from 0.
        index: u64,
        bytes: u64,
        max: u64,
    },
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for BatchFailure<E> {}

impl<E: fmt::Display> fmt::Display for BatchFailure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Items(failure) => failure.fmt(f),
            Self::ItemTooLong { index, bytes, max } => write!(
                f,
                "a batch of the item at index {index} alone is {bytes} bytes long, and {max} are \
                 allowed"
            ),
        }
    }
}

impl Batcher {
    /// Puts items together in order: as many to a batch as its limits allow.
    pub fn batches<E, I: Iterator<Item = Result<Value, E>>>(
        self,
        items: impl IntoIterator<IntoIter = I>,
    ) -> Batches<I> {
        let empty_bytes = text_bytes(&payload(self.batch_input.as_ref(), Vec::new()));
        let bytes_max = self.bytes_max.map_or(PAYLOAD_BYTES_MAX, NonZeroU64::get);
        Batches {
            items_max: self.items_max.map_or(u64::MAX, NonZeroU64::get),
            bytes_max: bytes_max.min(PAYLOAD_BYTES_MAX),
            batch_input: self.batch_input,
            empty_bytes,
            items: items.into_iter(),
            held: None,
            taken: 0,
            is_over: false,
        }
    }
}

/// The batches of some items. Sizes are those of the inputs as compact JSON.
#[derive(Debug)]
pub struct Batches<I> {
    items_max: u64,
    bytes_max: u64,
    batch_input: Option<Value>,
    /// Of an input without items.
    empty_bytes: u64,
    items: I,
    /// An item that did not fit any more, and its size.
    held: Option<(Value, u64)>,
    taken: u64,
    is_over: bool,
}

impl<E, I: Iterator<Item = Result<Value, E>>> Batches<I> {
    fn try_next(&mut self) -> Result<Option<Batch>, BatchFailure<E>> {
        let mut items = Vec::new();
        let mut bytes = self.empty_bytes;
        while (items.len() as u64) < self.items_max {
            let Some((item, item_bytes)) = self.take_item()? else { break };
            let grown = bytes + item_bytes + u64::from(!items.is_empty());
            if grown > self.bytes_max {
                if items.is_empty() {
                    let (index, max) = (self.taken - 1, self.bytes_max);
                    return Err(BatchFailure::ItemTooLong { index, bytes: grown, max });
                }
                self.held = Some((item, item_bytes));
                break;
            }
            bytes = grown;
            items.push(item);
        }
        let count = items.len() as u64;
        let batch =
            |items| Batch { input: payload(self.batch_input.as_ref(), items), items: count };
        Ok((count > 0).then(|| batch(items)))
    }

    fn take_item(&mut self) -> Result<Option<(Value, u64)>, BatchFailure<E>> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        let Some(item) = self.items.next().transpose().map_err(BatchFailure::Items)? else {
            return Ok(None);
        };
        self.taken += 1;
        let bytes = text_bytes(&item);
        Ok(Some((item, bytes)))
    }
}

impl<E, I: Iterator<Item = Result<Value, E>>> Iterator for Batches<I> {
    type Item = Result<Batch, BatchFailure<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.try_next().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

fn payload(batch_input: Option<&Value>, items: Vec<Value>) -> Value {
    let mut payload = Object::new();
    if let Some(batch_input) = batch_input {
        payload.insert("BatchInput", batch_input.clone());
    }
    payload.insert("Items", Value::from(items));
    Value::from(payload)
}

/// The length of a value's text, which is not kept.
fn text_bytes(value: &Value) -> u64 {
    let mut length = Length(0);
    write!(length, "{value}").expect("counting does not fail");
    length.0
}

struct Length(u64);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
