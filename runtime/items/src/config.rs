//! How a data set is to be read: an `ItemReader`'s configuration, parsed and resolved by others.

use stepwell_value::Str;

use crate::{Pointer, ReadFailure};

/// The longest item that the service reads: 8 MB.
pub const ITEM_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The service stops reading after so many items.
pub const MAX_ITEMS_MAX: u64 = 100_000_000;

/// What [`Items`](crate::Items) has to know.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderConfig {
    pub format: Format,
    pub max_items: MaxItems,
    /// So many items have been read before; reading goes on behind them. They count towards
    /// `max_items`, so a restart with another `skip` ends at the same item.
    pub skip: u64,
    /// The longest item in bytes, as compact JSON or as a line of text.
    pub item_bytes_max: usize,
}

impl ReaderConfig {
    /// All of the items, of any length that the service reads.
    pub fn new(format: Format) -> Self {
        let (max_items, item_bytes_max) = (MaxItems::ALL, ITEM_BYTES_MAX);
        Self { format, max_items, skip: 0, item_bytes_max }
    }
}

/// An `InputType`, with what belongs to it. Manifests are read by types of their own.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    Json(JsonConfig),
    JsonLines,
    Csv(CsvConfig),
}

#[derive(Clone, Debug, PartialEq)]
pub struct JsonConfig {
    /// Where in the document the items are.
    pub pointer: Pointer,
    pub objects: ObjectItems,
}

impl JsonConfig {
    /// The document itself has to be an array.
    pub fn array() -> Self {
        Self { pointer: Pointer::ROOT, objects: ObjectItems::Refused }
    }
}

/// What to make of an object where the items should be.
///
/// The service was recorded to refuse an object in a file; its later documentation iterates over
/// the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectItems {
    Refused,
    /// Every member is an item `{"Key": name, "Value": value}`.
    Members,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvConfig {
    pub headers: Headers,
    pub delimiter: Delimiter,
}

/// Where the columns get their names from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Headers {
    FirstRow,
    Given(Vec<Str>),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delimiter {
    #[default]
    Comma,
    Pipe,
    Semicolon,
    Space,
    Tab,
}

impl Delimiter {
    /// From the text of a `CSVDelimiter` field.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "COMMA" => Some(Self::Comma),
            "PIPE" => Some(Self::Pipe),
            "SEMICOLON" => Some(Self::Semicolon),
            "SPACE" => Some(Self::Space),
            "TAB" => Some(Self::Tab),
            _ => None,
        }
    }

    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Pipe => b'|',
            Self::Semicolon => b';',
            Self::Space => b' ',
            Self::Tab => b'\t',
        }
    }
}

/// A `MaxItems` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxItems(u64);

impl MaxItems {
    pub const ALL: Self = Self(u64::MAX);

    /// 0 means all items, and more than [`MAX_ITEMS_MAX`] means [`MAX_ITEMS_MAX`].
    pub fn new(max: i64) -> Result<Self, ReadFailure> {
        match u64::try_from(max) {
            Err(_) => Err(ReadFailure::MaxItemsNegative),
            Ok(0) => Ok(Self::ALL),
            Ok(max) => Ok(Self(max.min(MAX_ITEMS_MAX))),
        }
    }

    /// Whether so many items are all that were asked for.
    pub fn reached_by(self, read: u64) -> bool {
        read >= self.0
    }
}
