//! The items of a map run, in pieces.

use std::io::Read;
use std::sync::Arc;

use stepwell_asl::{CsvFormat, Distributed, ItemFormat, ItemReader, ItemSource, ManifestType};
use stepwell_items::{
    AthenaManifest, CsvConfig, Delimiter, Format, Headers, Inventory, Items, JsonConfig, Listed,
    Location, MaxItems, ObjectItems, Pointer, ReadFailure, ReaderConfig,
};
use stepwell_kernel::{Failure, ItemsFrom, ItemsRead, MapRunCall, error_name};
use stepwell_value::{Payload, Str, Value};

use crate::store::{Store, StoreFailure};
use crate::{arguments, gzip};

/// A piece ends with the item that makes it this long. So a piece is no longer than this and one
/// item.
pub const PIECE_BYTES: usize = 1024 * 1024;

/// A piece has no more items than this, unless a batch has.
pub const PIECE_ITEMS_MAX: u64 = 1000;

/// The longest manifest: one that names some hundred thousand files.
const MANIFEST_BYTES_MAX: usize = 64 * 1024 * 1024;

type File = Box<dyn Read + Send>;

/// Reads the items of a map run from the given one on.
pub struct Reader {
    items: Box<dyn Iterator<Item = Result<Value, ReadFailure>> + Send>,
    read: u64,
    piece_items_max: u64,
}

/// Where a reader gets its items from.
struct Sources {
    store: Arc<dyn Store>,
    bucket: Str,
    arguments: Payload,
    config: ReaderConfig,
}

impl Reader {
    /// `from` is how many items have been read before.
    pub fn open(
        store: Arc<dyn Store>,
        mode: &Distributed,
        run: &MapRunCall,
        from: u64,
    ) -> Result<Self, Failure> {
        let (Some(reader), ItemsFrom::Reader { arguments, max_items }) = (&mode.reader, &run.items)
        else {
            unreachable!("only a run with a reader asks for items");
        };
        let open = || {
            let config = config(reader, *max_items, from)?;
            let bucket = required(arguments.value(), "Bucket")?;
            Sources { store, bucket, arguments: arguments.clone(), config }.open(reader)
        };
        let items = open().map_err(|found| failure(&found))?;
        let items_per_batch = run.batching.as_ref().and_then(|batching| batching.items_max);
        let piece_items_max = piece_items_max(items_per_batch);
        Ok(Self { items, read: from, piece_items_max })
    }

    /// How many items are behind.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// The items that come next. After a failure there are none.
    pub fn piece(&mut self) -> Result<ItemsRead, Failure> {
        let mut items = Vec::new();
        let mut bytes = 0;
        let mut is_last = false;
        while (items.len() as u64) < self.piece_items_max && bytes < PIECE_BYTES {
            let Some(item) = self.items.next() else {
                is_last = true;
                break;
            };
            let item = Payload::from(item.map_err(|found| failure(&found))?);
            bytes += item.size_bytes();
            items.push(item);
        }
        self.read += items.len() as u64;
        let items = Payload::array(&items).map_err(|_too_deep| {
            Failure::new(error_name::ITEM_READER_FAILED, "an item is nested too deeply")
        })?;
        Ok(ItemsRead { items, is_last })
    }
}

impl Sources {
    fn open(
        self,
        reader: &ItemReader,
    ) -> Result<Box<dyn Iterator<Item = Result<Value, ReadFailure>> + Send>, ReadFailure> {
        Ok(match (reader.source, reader.manifest) {
            (ItemSource::Listing, _) => {
                let entries = self.list()?.map(|entry| entry.map_err(ReadFailure::from));
                Box::new(Listed::new(entries, self.config.max_items, self.config.skip))
            }
            (ItemSource::ListedObjects, _) => {
                let entries = self.list()?;
                let Self { store, bucket, config, .. } = self;
                let files = entries.map(move |entry| {
                    let at = Location { bucket: Str::clone(&bucket), key: entry?.key };
                    open(&*store, &at)
                });
                Box::new(Items::of_files(config, files))
            }
            (ItemSource::Object, None) => {
                let file = open(&*self.store, &self.object()?)?;
                Box::new(Items::new(self.config, file))
            }
            (ItemSource::Object, Some(kind)) => self.of_manifest(kind)?,
        })
    }

    /// The items of the files that a manifest names.
    fn of_manifest(
        self,
        kind: ManifestType,
    ) -> Result<Box<dyn Iterator<Item = Result<Value, ReadFailure>> + Send>, ReadFailure> {
        let manifest = open(&*self.store, &self.object()?)?;
        let Self { store, mut config, .. } = self;
        let files = match kind {
            ManifestType::S3Inventory => {
                let inventory = Inventory::read(manifest, MANIFEST_BYTES_MAX)?;
                config.format = Format::Csv(inventory.csv());
                inventory.files
            }
            ManifestType::AthenaData => AthenaManifest::read(manifest, MANIFEST_BYTES_MAX)?.files,
        };
        let files = files.into_iter().map(move |at| open(&*store, &at));
        Ok(Box::new(Items::of_files(config, files)))
    }

    fn list(&self) -> Result<crate::Entries, ReadFailure> {
        let prefix = arguments::optional(self.arguments.value(), "Prefix");
        let prefix = prefix.map_err(|reason| ReadFailure::Unavailable { reason })?;
        Ok(self.store.list(&self.bucket, &prefix.unwrap_or_default())?)
    }

    fn object(&self) -> Result<Location, ReadFailure> {
        let key = required(self.arguments.value(), "Key")?;
        Ok(Location { bucket: Str::clone(&self.bucket), key })
    }
}

fn open(store: &dyn Store, at: &Location) -> Result<File, ReadFailure> {
    let file = store.open(at)?;
    gzip::plain(file).map_err(|error| StoreFailure::unavailable(&at.bucket, &at.key, &error).into())
}

fn config(
    reader: &ItemReader,
    max_items: Option<u64>,
    skip: u64,
) -> Result<ReaderConfig, ReadFailure> {
    let max_items = max_items.map_or(0, |most| i64::try_from(most).unwrap_or(i64::MAX));
    let max_items = MaxItems::new(max_items)?;
    Ok(ReaderConfig { max_items, skip, ..ReaderConfig::new(format(reader)?) })
}

fn format(reader: &ItemReader) -> Result<Format, ReadFailure> {
    let refused = |reason: &str| Err(ReadFailure::Unavailable { reason: reason.to_owned() });
    match (&reader.format, reader.manifest) {
        // The listing has its own form, and an inventory says how its files are to be read.
        _ if reader.source == ItemSource::Listing => Ok(Format::JsonLines),
        (_, Some(ManifestType::S3Inventory)) => Ok(Format::JsonLines),
        (ItemFormat::Parquet, _) => refused(
            "InputType PARQUET cannot be read here: convert the file to CSV or JSON Lines first",
        ),
        (ItemFormat::Manifest, _) => refused(
            "With ManifestType ATHENA_DATA the InputType is the form of the files that the \
             manifest names: CSV or JSONL",
        ),
        (ItemFormat::Json, _) => {
            let pointer = reader.items_pointer.as_deref();
            let pointer = pointer.map_or(Ok(Pointer::ROOT), Pointer::parse)?;
            Ok(Format::Json(JsonConfig { pointer, objects: ObjectItems::Refused }))
        }
        (ItemFormat::JsonLines, _) => Ok(Format::JsonLines),
        (ItemFormat::Csv(csv), _) => Ok(Format::Csv(csv_config(csv))),
    }
}

fn csv_config(csv: &CsvFormat) -> CsvConfig {
    let headers = csv.headers.clone().map_or(Headers::FirstRow, Headers::Given);
    let delimiter = match csv.delimiter {
        '|' => Delimiter::Pipe,
        ';' => Delimiter::Semicolon,
        ' ' => Delimiter::Space,
        '\t' => Delimiter::Tab,
        _ => Delimiter::Comma,
    };
    CsvConfig { headers, delimiter }
}

/// Whole batches, so that no batch is cut where a piece ends.
fn piece_items_max(items_per_batch: Option<u64>) -> u64 {
    match items_per_batch {
        Some(batch) if batch < PIECE_ITEMS_MAX => PIECE_ITEMS_MAX - PIECE_ITEMS_MAX % batch.max(1),
        Some(batch) => batch,
        None => PIECE_ITEMS_MAX,
    }
}

fn required(arguments: &Value, name: &str) -> Result<Str, ReadFailure> {
    arguments::required(arguments, name).map_err(|reason| ReadFailure::Unavailable { reason })
}

fn failure(failure: &ReadFailure) -> Failure {
    Failure::new(error_name::ITEM_READER_FAILED, failure.to_string())
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("read", &self.read).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
