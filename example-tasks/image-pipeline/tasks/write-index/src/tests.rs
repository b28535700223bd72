//! What stands in the two files.

use super::*;

const INPUT: &str = r##"{
    "title": "Cats & co.",
    "pictures": [{
        "picture": "a\"b<i>.jpg", "width": 451, "height": 300,
        "thumbnail": {"picture": "cat.jpg", "file": "cat-240.jpg", "width": 240, "height": 160, "bytes": 1},
        "converted": {"file": "cat.png", "format": "image/png", "bytes": 234567},
        "colours": [{"hex": "#aa8866", "percent": 60}, {"hex": "#112233", "percent": 40}]
    }]
}"##;

fn index() -> Index {
    serde_json::from_str(INPUT).unwrap()
}

#[test]
fn the_page_shows_the_thumbnail_and_links_the_converted_picture() {
    let page = gallery::page(&index());
    assert!(page.contains(r#"<a href="cat.png"><img src="cat-240.jpg" width="240" height="160""#));
    assert!(page.contains("background:#aa8866;flex:60"), "{page}");
}

#[test]
fn names_cannot_break_out_of_the_page() {
    let page = gallery::page(&index());
    assert!(page.contains("<title>Cats &amp; co.</title>"), "{page}");
    assert!(page.contains(r#"alt="a&quot;b&lt;i&gt;.jpg""#), "{page}");
    assert!(!page.contains("<i>"), "{page}");
}

#[test]
fn both_files_are_written_and_the_index_reads_back() {
    let results = std::env::temp_dir().join(format!("write-index-{}", std::process::id()));
    fs::create_dir_all(&results).unwrap();
    let written = write(&index(), &results).unwrap();
    assert_eq!(written, Written { index: "index.json", gallery: "index.html", pictures: 1 });
    let json = fs::read_to_string(results.join("index.json")).unwrap();
    let read: Index = serde_json::from_str(&json).unwrap();
    assert_eq!(read.pictures[0].colours[1].hex, "#112233");
    assert!(fs::read_to_string(results.join("index.html")).unwrap().starts_with("<!doctype html>"));
    fs::remove_dir_all(&results).unwrap();
}

#[test]
fn a_directory_that_is_not_granted_has_a_name_to_catch() {
    let failure = write(&index(), Path::new("/results-that-nobody-granted")).unwrap_err();
    assert_eq!(failure.error(), "Results.Unwritable");
}
