use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stepwell_asl::Definition;
use stepwell_engine::{Items as _, ReadRequest};
use stepwell_items::Location;
use stepwell_kernel::{
    Child, Entropy, Env, Execution, Identity, Input, ItemsRead, Limits, MapRunCall, Obligation,
};
use stepwell_value::Payload;
use tempfile::TempDir;

use super::{PIECE_BYTES, PIECE_ITEMS_MAX, Reader};
use crate::{Buckets, Directory, Entries, NewObject, Store, StoreFailure};

struct Zero;

impl Entropy for Zero {
    fn next_u64(&mut self) -> u64 {
        0
    }
}

/// What a Map state asks of its run that reads `s3://b/n.jsonl`.
fn request(config: &str) -> ReadRequest {
    let text = format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,"ItemReader":{{
            "Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{{"InputType":"JSONL"{config}}},
            "Parameters":{{"Bucket":"b","Key":"n.jsonl"}}}},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"P",
            "States":{{"P":{{"Type":"Pass","End":true}}}}}}}}}}}}"#
    );
    let definition = Arc::new(Definition::parse(&text).unwrap());
    let run = run(&definition);
    ReadRequest { run, definition, from: 0 }
}

fn run(definition: &Definition) -> Arc<MapRunCall> {
    let identity = Identity {
        execution_arn: "arn:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:r".into(),
        version_arn: None,
        alias_arn: None,
        test_case: None,
        trace_header: None,
    };
    let input = Input::Start { identity, input: Payload::parse("{}").unwrap() };
    let limits = Limits::default();
    let now = stepwell_asl::Timestamp::from_unix_millis(0);
    let env = Env { now, entropy: &mut Zero, limits: &limits };
    let mut execution = Execution::default();
    let batch = execution.handle(definition, input, env).unwrap();
    let committed = batch.commit(|_| Ok::<_, std::convert::Infallible>(())).unwrap();
    let child = committed.obligations.into_iter().find_map(|obligation| match obligation {
        Obligation::StartChild { child: Child::MapRun { call, .. }, .. } => Some(call),
        _ => None,
    });
    child.expect("a map run")
}

/// Counts the bytes that are read and the files that are opened.
struct Counted {
    directory: Directory,
    opened: AtomicU64,
    bytes: Arc<AtomicU64>,
}

struct CountedFile(Box<dyn Read + Send>, Arc<AtomicU64>);

impl Read for CountedFile {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Store for Counted {
    fn open(&self, at: &Location) -> Result<Box<dyn Read + Send>, StoreFailure> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let file = self.directory.open(at)?;
        Ok(Box::new(CountedFile(file, Arc::clone(&self.bytes))))
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Entries, StoreFailure> {
        self.directory.list(bucket, prefix)
    }

    fn create(&self, at: &Location) -> Result<Box<dyn NewObject>, StoreFailure> {
        self.directory.create(at)
    }
}

/// A bucket `b` with `n.jsonl`: so many lines, each with its number and so many bytes.
fn lines(count: u64, padding: usize) -> (TempDir, Arc<Counted>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    let mut file = BufWriter::new(File::create(folder.path().join("b/n.jsonl")).unwrap());
    let padding = "x".repeat(padding);
    for n in 0..count {
        writeln!(file, "[{n},\"{padding}\"]").unwrap();
    }
    file.flush().unwrap();
    let directory = Directory::open(folder.path()).unwrap();
    let (opened, bytes) = (AtomicU64::new(0), Arc::default());
    (folder, Arc::new(Counted { directory, opened, bytes }))
}

fn reader(store: &Arc<Counted>, request: &ReadRequest, from: u64) -> Reader {
    let store: Arc<dyn Store> = Arc::<Counted>::clone(store);
    Reader::open(store, request.mode(), &request.run, from).unwrap()
}

/// The numbers of the first and the last item, and how many there are.
fn ends(piece: &ItemsRead) -> (i64, i64, usize) {
    let items = piece.items.value().as_array().unwrap();
    let number = |item: &stepwell_value::Value| item.as_array().unwrap()[0].as_int().unwrap();
    (number(&items[0]), number(&items[items.len() - 1]), items.len())
}

#[test]
fn a_piece_has_a_bounded_number_of_items_and_of_bytes() {
    let request = request("");
    let (_folder, store) = lines(2500, 0);
    let mut small = reader(&store, &request, 0);
    assert_eq!(ends(&small.piece().unwrap()), (0, 999, 1000));
    assert_eq!(small.read(), PIECE_ITEMS_MAX);
    let (_folder, store) = lines(100, 300_000);
    let piece = reader(&store, &request, 0).piece().unwrap();
    assert_eq!(ends(&piece), (0, 3, 4));
    assert!(piece.items.size_bytes() < PIECE_BYTES + 301_000);
}

#[test]
fn after_a_restart_reading_goes_on_at_the_given_item() {
    let (_folder, store) = lines(2500, 0);
    let plain = request("");
    let piece = reader(&store, &plain, 1700).piece().unwrap();
    assert_eq!((ends(&piece), piece.is_last), ((1700, 2499, 800), true));
    let piece = reader(&store, &request(r#","MaxItems":1750"#), 1700).piece().unwrap();
    assert_eq!((ends(&piece), piece.is_last), ((1700, 1749, 50), true));
    let piece = reader(&store, &plain, 2500).piece().unwrap();
    assert_eq!((piece.items.text(), piece.is_last), ("[]", true));
}

#[tokio::test]
async fn a_reader_that_is_kept_reads_every_byte_once() {
    let (folder, store) = lines(50_000, 10);
    let buckets = Buckets::new(Arc::<Counted>::clone(&store));
    let mut request = request("");
    loop {
        let piece = buckets.read(request.clone()).await.unwrap();
        request.from += piece.items.value().as_array().unwrap().len() as u64;
        if piece.is_last {
            break;
        }
    }
    let size = fs::metadata(folder.path().join("b/n.jsonl")).unwrap().len();
    assert_eq!(request.from, 50_000);
    assert_eq!(store.bytes.load(Ordering::Relaxed), size);
    assert_eq!(store.opened.load(Ordering::Relaxed), 1);
    // Asked for what it has given before, it starts over.
    request.from = 1000;
    assert_eq!(ends(&buckets.read(request.clone()).await.unwrap()), (1000, 1999, 1000));
    request.from = 0;
    assert_eq!(ends(&buckets.read(request.clone()).await.unwrap()), (0, 999, 1000));
    assert_eq!(store.opened.load(Ordering::Relaxed), 3);
}

#[test]
fn a_long_file_takes_no_more_memory_than_a_piece() {
    // 64 MB in lines of 1 KB.
    let (_folder, store) = lines(64_000, 1000);
    let request = request("");
    let used = allocation_counter::measure(|| {
        let mut reader = reader(&store, &request, 0);
        while !reader.piece().unwrap().is_last {}
        assert_eq!(reader.read(), 64_000);
    });
    let most = 16 * PIECE_BYTES as u64;
    assert!(used.bytes_max < most, "{} bytes at once", used.bytes_max);
}

#[test]
fn a_compressed_file_is_read_like_a_plain_one() {
    let (folder, store) = lines(10, 0);
    let path = folder.path().join("b/n.jsonl");
    let plain = fs::read(&path).unwrap();
    let file = File::create(&path).unwrap();
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packed.write_all(&plain).unwrap();
    packed.finish().unwrap();
    assert_eq!(ends(&reader(&store, &request(""), 0).piece().unwrap()), (0, 9, 10));
}
