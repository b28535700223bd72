use std::fs::{self, OpenOptions};
use std::io::Write as _;

use super::Lines;

#[test]
fn lines_come_when_they_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "one\ntw").unwrap();
    let mut lines = Lines::open(&path).unwrap();
    assert_eq!(lines.next().unwrap().as_deref(), Some("one"));
    assert_eq!(lines.next().unwrap(), None);
    OpenOptions::new().append(true).open(&path).unwrap().write_all(b"o\n\nthree").unwrap();
    assert_eq!(lines.next().unwrap().as_deref(), Some("two"));
    assert_eq!(lines.next().unwrap().as_deref(), Some(""));
    assert_eq!(lines.next().unwrap(), None);
}

#[test]
fn a_file_that_is_rotated_is_read_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "one\ntwo\nthr").unwrap();
    let mut lines = Lines::open(&path).unwrap();
    while lines.next().unwrap().is_some() {}
    fs::rename(&path, folder.path().join("log.1")).unwrap();
    assert_eq!(lines.next().unwrap(), None);
    fs::write(&path, "four\n").unwrap();
    assert_eq!(lines.next().unwrap().as_deref(), Some("four"));
    assert_eq!(lines.next().unwrap(), None);
}
