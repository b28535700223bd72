use stepwell_value::Str;

use super::{AthenaManifest, Inventory, Location};
use crate::{Format, Items, ReaderConfig};

const INVENTORY: &str = r#"{
    "sourceBucket": "source", "destinationBucket": "arn:aws:s3:::inventory",
    "version": "2016-11-30", "creationTimestamp": "1668560400000",
    "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size, LastModifiedDate",
    "files": [
        {"key": "data/1.csv.gz", "size": 7300, "MD5checksum": "a7ff"},
        {"key": "data/2.csv.gz", "size": 10, "MD5checksum": "b"}
    ]
}"#;

fn at(bucket: &str, key: &str) -> Location {
    Location { bucket: Str::from(bucket), key: Str::from(key) }
}

#[test]
fn an_inventory_names_its_files_and_their_columns() {
    let inventory = Inventory::read(INVENTORY.as_bytes(), INVENTORY.len()).expect("an inventory");
    assert_eq!(
        inventory.files,
        [at("inventory", "data/1.csv.gz"), at("inventory", "data/2.csv.gz")]
    );
    let files = [
        "\"source\",\"csvDataset/\",\"0\",\"2022-11-16T00:27:19.000Z\"\n",
        "\"source\",\"csvDataset/titles.csv\",\"3399671\",\"2022-11-16T00:29:32.000Z\"\n",
    ];
    let config = ReaderConfig::new(Format::Csv(inventory.csv()));
    let items = Items::of_files(config, files.map(|file| Ok(file.as_bytes())));
    let items = items.map(|item| item.expect("an item").to_string()).collect::<Vec<_>>();
    let expected = [
        r#"{"Bucket":"source","Key":"csvDataset/","Size":"0","LastModifiedDate":"2022-11-16T00:27:19.000Z"}"#,
        r#"{"Bucket":"source","Key":"csvDataset/titles.csv","Size":"3399671","LastModifiedDate":"2022-11-16T00:29:32.000Z"}"#,
    ];
    assert_eq!(items, expected);
}

#[test]
fn a_manifest_of_athena_is_a_list_of_addresses() {
    let text = "s3://bucket/a/1.gz\r\n\"s3://bucket/b,2\"\n\n";
    let manifest = AthenaManifest::read(text.as_bytes(), 100).expect("a manifest");
    assert_eq!(manifest.files, [at("bucket", "a/1.gz"), at("bucket", "b,2")]);
    assert_eq!(AthenaManifest::read(&b""[..], 0).expect("a manifest").files, []);
}

#[test]
fn what_is_no_manifest_is_refused() {
    let cases = [
        ("", "the text ends where"),
        ("[]", "a member `fileFormat` that is a string is missing"),
        (&INVENTORY.replace("CSV", "ORC"), "its fileFormat is ORC, and only CSV can be read"),
        (&INVENTORY.replace("fileSchema", "x"), "a member `fileSchema`"),
        (&INVENTORY.replace("destinationBucket", "x"), "a member `destinationBucket`"),
        (&INVENTORY.replace("\"files\"", "\"x\""), "it has no array `files`"),
        (&INVENTORY.replace("\"key\"", "\"x\""), "a member `key`"),
        (&format!("{INVENTORY} "), "it is longer than"),
    ];
    for (text, cause) in cases {
        let failure =
            Inventory::read(text.as_bytes(), INVENTORY.len()).expect_err(cause).to_string();
        assert!(failure.contains(cause), "{failure}");
    }
    for line in ["bucket/key", "s3://bucket", "s3:///key", "s3://bucket/", "https://a/b"] {
        let failure = AthenaManifest::read(line.as_bytes(), 100).expect_err(line).to_string();
        assert_eq!(
            failure,
            format!("the manifest is not usable: the line {line:?} is not s3://BUCKET/KEY")
        );
    }
}
