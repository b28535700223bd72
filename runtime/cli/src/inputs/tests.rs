use std::path::Path;

use super::{machine_name, read_input};

#[test]
fn a_machine_is_called_as_its_file() {
    for (file, name) in [
        ("order.asl.json", "order"),
        ("flows/order fulfilment.json", "order-fulfilment"),
        ("flows/déjà_vu-2.json", "déjà_vu-2"),
        (".json", "workflow"),
        ("..", "workflow"),
    ] {
        assert_eq!(machine_name(Path::new(file)), name, "{file}");
    }
    let long = format!("{}.json", "x".repeat(100));
    assert_eq!(machine_name(Path::new(&long)), "x".repeat(80));
}

#[test]
fn a_workflow_file_is_called_as_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("greeting");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("workflow.asl.json");
    assert_eq!(machine_name(&file), "workflow", "a file that is not there has no folder");
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(machine_name(&file), "greeting");
}

#[test]
fn an_input_keeps_its_text_but_for_the_line_break_at_its_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "{ \"n\": 1.50 }\r\n\n").unwrap();
    let input = read_input(&format!("@{}", file.path().display())).unwrap();
    assert_eq!(input.text(), "{ \"n\": 1.50 }");
}
