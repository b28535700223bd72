//! Plays the cases of `$STEPWELL_EXPRESSIONS/jsonpath_cases.json`: paths with a document and what
//! the service, or the library behind it, answers.
//!
//! The data is not part of the project, so the test passes, and says so, when the variable is unset.

use stepwell_jsonpath::{Path, ReadError, Root};
use stepwell_value::Value;

#[test]
fn answers_as_the_service_does() {
    let Some(directory) = std::env::var_os("STEPWELL_EXPRESSIONS") else {
        println!("STEPWELL_EXPRESSIONS is not set: no cases were played");
        return;
    };
    let file = std::path::Path::new(&directory).join("jsonpath_cases.json");
    let cases = Value::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
    let cases = cases.as_array().unwrap();
    let (mut failures, mut uncertain) = (Vec::new(), Vec::new());
    for case in cases {
        let Err(difference) = play(case) else { continue };
        let certain = case.get("evidence") != Some(&Value::from("uncertain"));
        let list = if certain { &mut failures } else { &mut uncertain };
        list.push(format!("{}: {difference}", case.get("path").unwrap()));
    }
    let passed = cases.len() - failures.len() - uncertain.len();
    println!("{passed} of {} cases pass; uncertain ones that do not: {uncertain:?}", cases.len());
    assert!(!cases.is_empty(), "the file has cases");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn play(case: &Value) -> Result<(), String> {
    let wanted_error = case.get("error").and_then(Value::as_str);
    let at_compilation = case.get("error_phase") == Some(&Value::from("compile"));
    let field = |name| case.get(name).ok_or_else(|| format!("the case has no {name}"));
    let text = field("path")?.as_str().ok_or("the path of a case is a text")?;
    // The cases know one document, so a path from a variable is a path they refuse.
    let path = match Path::parse(text).map(|path| (path.root() == &Root::Input, path)) {
        Ok((true, path)) => path,
        Ok((false, _)) if at_compilation => return Ok(()),
        Err(_) if at_compilation => return Ok(()),
        refused => return Err(format!("{refused:?}, wanted {case}")),
    };
    if at_compilation {
        return Err("parses, and should not".to_owned());
    }
    let definite = field("definite")?;
    if *definite != Value::from(path.is_definite()) {
        return Err(format!("definite should be {definite}"));
    }
    match (path.read(field("document")?), wanted_error) {
        (Ok(value), None) if Some(&value) == case.get("expected") => Ok(()),
        (Err(error), Some(wanted)) if describe(&error) == wanted => Ok(()),
        (answer, _) => Err(format!("{answer:?}, wanted {case}")),
    }
}

fn describe(error: &ReadError) -> String {
    let class = if error.is_not_found() { "PathNotFoundException" } else { "InvalidPathException" };
    format!("{class}: {error}")
}
