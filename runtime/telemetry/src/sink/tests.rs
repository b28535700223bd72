use std::fs;
use std::sync::mpsc;

use super::*;

#[test]
fn a_record_is_a_line_and_a_file_is_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("executions.log");
    for record in ["{\"id\":\"1\"}", "{\"id\":\"2\"}"] {
        let sink = LogSink::to_file(&path, QUEUE_BYTES).unwrap();
        sink.send(vec![record.into()]);
        drop(sink);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n");
}

#[test]
fn a_file_that_cannot_be_opened_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let refused = LogSink::to_file(folder.path().join("no/such/folder"), QUEUE_BYTES);
    assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_file_that_was_moved_is_created_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = (folder.path().join("log"), folder.path().join("log.1"));
    let mut file = LogFile::open(path.clone()).unwrap();
    let mut append = |text: &str| file.append(&mut |out| out.write_all(text.as_bytes())).unwrap();
    append("1\n");
    fs::rename(&path, &old).unwrap();
    append("2\n");
    fs::remove_file(&path).unwrap();
    append("3\n");
    fs::rename(&path, &old).unwrap();
    fs::write(&path, "other\n").unwrap();
    append("4\n");
    assert_eq!(fs::read_to_string(&old).unwrap(), "3\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "other\n4\n");
}

/// Starts a sink that writes a lot once it is let to, and hands on what it wrote.
fn slow(
    queue_bytes: usize,
) -> (LogSink, mpsc::Receiver<()>, mpsc::Sender<()>, mpsc::Receiver<String>) {
    let ((begun, begins), (go, goes), (wrote, written)) =
        (mpsc::channel(), mpsc::channel(), mpsc::channel());
    let sink = LogSink::start(queue_bytes, move |write| {
        begun.send(()).unwrap();
        goes.recv().unwrap();
        let mut lines = Vec::new();
        write(&mut lines)?;
        wrote.send(String::from_utf8(lines).unwrap()).unwrap();
        Ok(())
    });
    (sink.unwrap(), begins, go, written)
}

#[test]
fn what_does_not_fit_is_dropped_and_said_once() {
    let (sink, begins, go, written) = slow(4);
    sink.send(vec!["a".into()]);
    // The first record is being written; the queue is empty.
    begins.recv().unwrap();
    for record in ["bb", "cc", "dd", "ee"] {
        sink.send(vec![record.into()]);
    }
    go.send(()).unwrap();
    assert_eq!(written.recv().unwrap(), "a\n");
    go.send(()).unwrap();
    let expected = "bb\ncc\n{\"type\":\"LogDropped\",\"count\":2}\n";
    assert_eq!(written.recv().unwrap(), expected);
    begins.recv().unwrap();
    sink.send(vec!["ff".into()]);
    go.send(()).unwrap();
    assert_eq!(written.recv().unwrap(), "ff\n");
    assert_eq!(sink.dropped(), 2);
}

#[test]
fn what_cannot_be_written_is_dropped_and_said_when_it_can() {
    let (told, tells) = mpsc::channel();
    let mut attempts = 0;
    let mut writer = Writer {
        attempt: move |write: &mut Lot<'_>| {
            attempts += 1;
            if attempts <= 2 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let mut lines = Vec::new();
            write(&mut lines)?;
            told.send(String::from_utf8(lines).unwrap()).unwrap();
            Ok(())
        },
        dropped: Arc::default(),
        untold: 0,
        torn: false,
    };
    for (records, dropped) in [(vec!["a", "b"], 1), (vec!["c"], 0), (vec!["d"], 0), (vec!["e"], 0)]
    {
        let items = records.into_iter().map(String::from).collect();
        writer.write(Taken { items, dropped });
    }
    // The line that was begun is ended first.
    assert_eq!(tells.recv().unwrap(), "\n{\"type\":\"LogDropped\",\"count\":4}\nd\n");
    assert_eq!(tells.recv().unwrap(), "e\n");
    assert_eq!(writer.dropped.load(Ordering::Relaxed), 4);
}
