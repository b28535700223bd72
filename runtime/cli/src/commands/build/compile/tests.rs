use std::path::PathBuf;

use super::{Message, artefact};
use crate::commands::build::crates::TaskCrate;

#[test]
fn a_component_is_the_wasm_file_of_the_packages_library() {
    let task = TaskCrate {
        folder: PathBuf::from("greet"),
        id: "path+file:///tasks/greet#0.1.0".to_owned(),
        name: "greet".to_owned(),
        version: "0.1.0".to_owned(),
    };
    let its = r#""package_id": "path+file:///tasks/greet#0.1.0""#;
    let library = r#""target": {"crate_types": ["cdylib", "rlib"]}"#;
    let files = r#""filenames": ["t/libgreet.rlib", "t/greet.wasm"]"#;
    for (message, found) in [
        (format!(r#"{{"reason": "compiler-artifact", {its}, {library}, {files}}}"#), true),
        (format!(r#"{{"reason": "build-script-executed", {its}, {library}, {files}}}"#), false),
        (format!(r#"{{"reason": "compiler-artifact", {library}, {files}}}"#), false),
        (format!(r#"{{"reason": "compiler-artifact", {its}, {files}}}"#), false),
        (format!(r#"{{"reason": "compiler-artifact", {its}, {library}}}"#), false),
        (r#"{"reason": "build-finished", "success": true}"#.to_owned(), false),
    ] {
        let parsed: Message = serde_json::from_str(&message).unwrap();
        let expected = PathBuf::from("t/greet.wasm");
        assert_eq!(artefact(&task, &parsed), found.then_some(&expected), "{message}");
    }
}
