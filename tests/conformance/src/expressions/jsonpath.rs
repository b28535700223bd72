//! `jsonpath_cases.json`: paths with a document and what the service, or the library behind it,
//! answers.

use std::path::Path as FilePath;

use anyhow::{Context as _, Result};
use stepwell_jsonpath::{Path, ReadError, Root};
use stepwell_value::Value;

use super::beginning;
use crate::{Failure, Only, Score, data, field};

pub(super) fn play(folder: &FilePath, only: &Only) -> Result<Score> {
    let cases = data::read(&folder.join("jsonpath_cases.json"))?;
    let cases = cases.as_array().context("the JSONPath cases are not a list")?;
    let mut score = Score::new("JSONPath");
    for (nth, case) in cases.iter().enumerate() {
        let name = format!("jsonpath/{nth} {}", field::text(case, "path")?);
        if !only.takes(&name) {
            continue;
        }
        let difference = difference(case)?.map(|(expected, actual)| {
            Failure::new(name, &beginning(&expected), &beginning(&actual))
        });
        match difference {
            Some(failure) if field::optional_text(case, "evidence") == Some("uncertain") => {
                score.uncertain.push(failure);
            }
            difference => score.note(difference),
        }
    }
    Ok(score)
}

/// What was expected and what came, where they differ.
fn difference(case: &Value) -> Result<Option<(String, String)>> {
    let wanted_error = field::optional_text(case, "error");
    let is_refused = field::optional_text(case, "error_phase") == Some("compile");
    // The cases know one document, so a path from a variable is a path they refuse.
    let path = match Path::parse(field::text(case, "path")?) {
        Ok(path) if path.root() == &Root::Input => path,
        Ok(_) | Err(_) if is_refused => return Ok(None),
        Ok(path) => {
            let actual = format!("a path from {:?}", path.root());
            return Ok(Some(("a path from the input".to_owned(), actual)));
        }
        Err(error) => return Ok(Some(("a path".to_owned(), format!("refused: {error}")))),
    };
    if is_refused {
        return Ok(Some(("refused".to_owned(), "a path".to_owned())));
    }
    let definite = Value::from(path.is_definite());
    if *field::member(case, "definite")? != definite {
        let expected = format!("definite: {}", field::member(case, "definite")?);
        return Ok(Some((expected, format!("definite: {definite}"))));
    }
    let expected = match wanted_error {
        Some(error) => error.to_owned(),
        None => field::member(case, "expected")?.to_string(),
    };
    let answer = path.read(field::member(case, "document")?);
    let is_good = match &answer {
        Ok(value) => wanted_error.is_none() && Some(value) == case.get("expected"),
        Err(error) => wanted_error.is_some_and(|wanted| describe(error) == wanted),
    };
    let actual = answer.map_or_else(|error| describe(&error), |value| value.to_string());
    Ok((!is_good).then_some((expected, actual)))
}

fn describe(error: &ReadError) -> String {
    let class = if error.is_not_found() { "PathNotFoundException" } else { "InvalidPathException" };
    format!("{class}: {error}")
}
