//! Folders of workflows and test files, as their authors write them, and what is said of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its fixtures has failed")]

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::{env, fs};

use stepwell_kernel::Failure;
use stepwell_trial::{Kinds, NoTasks, RealTask, RealTasks, Report, discover};
use stepwell_value::{Payload, Str};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn run(folder: &Path) -> Report {
    discover(folder).unwrap().run(&NoTasks, "")
}

#[test]
fn the_cases_of_the_folder_pass() {
    let report = run(&fixture("passing"));
    assert!(report.is_success(), "{}", report.to_text());
    assert_eq!((report.cases(), report.failed()), (12, 0));
    let untested: Vec<_> = report.untested.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(untested, ["child.asl.json"]);
    let warnings =
        report.suites.iter().flat_map(|suite| &suite.cases).flat_map(|case| &case.warnings);
    assert_eq!(warnings.collect::<Vec<_>>(), [] as [&String; 0]);
    assert!(!fixture("passing/buckets/out").exists(), "nothing is written");
}

/// Checks what is said of a folder against the file of its name, with paths from the folder on.
#[track_caller]
fn check_text(folder: &str) {
    let path = fixture(folder);
    let prefix = format!("{}/", path.display());
    let text = run(&path).to_text().replace(&prefix, "");
    let expected = fs::read_to_string(fixture(&format!("{folder}.txt"))).unwrap_or_default();
    assert_eq!(text, expected, "{text}");
}

#[test]
fn a_case_that_fails_says_where_and_why() {
    check_text("failing");
}

#[test]
fn files_that_cannot_be_used_say_what_is_wrong() {
    check_text("broken");
}

#[test]
fn the_guide_shows_what_is_run() {
    let guide = fs::read_to_string(fixture("../../../docs/guide/testing.md")).unwrap();
    for file in ["orders.asl.json", "orders.test.json"] {
        let text = fs::read_to_string(fixture("guide").join(file)).unwrap();
        let shown = format!("```json\n{text}```");
        assert!(guide.contains(&shown), "the guide does not have {file} as it is");
    }
    let report = run(&fixture("guide"));
    assert!(report.is_success(), "{}", report.to_text());
    let prefix = format!("{}/", fixture("guide").display());
    let some = discover(&fixture("guide")).unwrap().run(&NoTasks, "a paid");
    let texts = [
        report.to_text().replace(&prefix, "orders/"),
        report.coverage_text(),
        some.coverage_text(),
    ];
    for text in texts {
        let shown = format!("```text\n{text}```");
        assert!(guide.contains(&shown), "the guide does not show\n{text}");
    }
}

#[test]
fn coverage_tells_what_no_case_has_reached() {
    let run = |filter: &str| discover(&fixture("guide")).unwrap().run(&NoTasks, filter);
    let shares = |report: &Report| {
        Kinds::ALL.map(|kind| (report.share(kind).reached, report.share(kind).total))
    };
    let all = run("");
    assert_eq!(shares(&all), [(5, 5), (2, 2), (1, 1), (1, 1)]);
    let some = run("orders/a paid");
    assert_eq!((some.cases(), shares(&some)), (1, [(3, 5), (1, 2), (0, 1), (0, 1)]));
    let expected = "\
coverage of orders: 3 of 5 states, 1 of 2 choices, 0 of 1 retriers, 0 of 1 catchers
  never used: Charge/Retry[0]
  never used: Charge/Catch[0]
  never taken: Large order?/Choices[0]
  never entered: Ask for approval
  never entered: Refuse
";
    assert_eq!(some.coverage_text(), expected);
    let json = some.coverage_json();
    let orders = json.get("workflows").and_then(|all| all.get("orders")).unwrap();
    let share = |of: &str, kind: &str| orders.get(of)?.get(kind)?.as_int();
    assert_eq!((share("states", "reached"), share("states", "total")), (Some(3), Some(5)));
    let hits = ["Charge", "Large order?/Default", "Large order?/Choices[0]", "Charge/Retry[0]"];
    assert_eq!(hits.map(|part| share("hits", part)), [Some(1), Some(1), Some(0), Some(0)]);
    let total = json.get("total").and_then(|total| total.get("choices")).unwrap();
    assert_eq!(total.to_string(), r#"{"reached":1,"total":2}"#);
}

#[test]
fn what_runs_inside_of_maps_and_map_runs_is_covered_too() {
    let report = run(&fixture("passing"));
    let maps = report.suites.iter().find(|suite| suite.name == "maps").unwrap();
    let coverage = maps.coverage.as_ref().unwrap();
    let hits =
        |place: &str| coverage.features.iter().find(|it| it.to_string() == place).map(|it| it.hits);
    let places = ["Left", "Double", "Item", "Item/Retry[0]"];
    assert_eq!(places.map(hits), [Some(2), Some(4), Some(5), Some(1)]);
}

#[test]
fn a_filter_takes_the_cases_whose_names_contain_it() {
    let names = |filter: &str| {
        let report = discover(&fixture("passing")).unwrap().run(&NoTasks, filter);
        let cases = report.suites.into_iter().flat_map(|suite| suite.cases);
        cases.map(|case| case.name).collect::<Vec<_>>()
    };
    let of_maps = ["items come from the mock", "items come from a folder of buckets"];
    assert_eq!(names("maps/"), of_maps);
    assert_eq!(names("third look"), ["it is there at the third look"]);
    assert_eq!(names("none of them"), [] as [&str; 0]);
}

#[test]
fn a_test_file_may_be_named_itself() {
    let found = discover(&fixture("passing/parent.test.json")).unwrap();
    let report = found.run(&NoTasks, "");
    assert!(report.is_success(), "{}", report.to_text());
    assert_eq!((report.suites.len(), report.cases()), (1, 3));
    assert!(discover(&fixture("nowhere")).is_err());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_in_a_circle_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
    fs::create_dir(folder.path().join(".hidden")).unwrap();
    for name in ["a.test.json", ".hidden/b.test.json"] {
        fs::write(folder.path().join(name), "{}").unwrap();
    }
    let found = discover(folder.path()).unwrap();
    let names: Vec<&str> = found.suites.iter().map(|suite| &*suite.name).collect();
    assert_eq!(names, ["a"]);
}

/// Doubles numbers, and keeps for whom.
#[derive(Default)]
struct Double(RefCell<Vec<(Str, Str)>>);

impl RealTasks for Double {
    fn run(&self, task: &RealTask<'_>) -> Option<Result<Payload, Failure>> {
        let asked = (Str::clone(task.state_name), Str::clone(&task.call.call.function));
        self.0.borrow_mut().push(asked);
        let number = task.call.call.input.value().as_int();
        Some(match number {
            Some(number) => Ok(Payload::from(stepwell_value::Value::from(number * 2))),
            None => Err(Failure::named("NoNumber")),
        })
    }
}

#[test]
fn tasks_that_are_not_mocked_are_run() {
    let folder = tempfile::tempdir().unwrap();
    let task = r#""Type": "Task", "Resource":"#;
    let workflow = format!(
        r#"{{"StartAt": "A", "States": {{"A": {{{task} "double@1", "Next": "B"}},
            "B": {{{task} "double", "Next": "C"}}, "C": {{{task} "double", "End": true}}}}}}"#
    );
    let tests = r#"{"cases": [
        {"name": "run", "input": 1, "mocks": {"B": {"return": 10}}, "expect": {"output": 20}},
        {"name": "fails", "input": 1, "mocks": {"B": {"return": "x"}}, "expect": {"error": "NoNumber"}}
    ]}"#;
    fs::write(folder.path().join("w.asl.json"), workflow).unwrap();
    fs::write(folder.path().join("w.test.json"), tests).unwrap();
    let double = Double::default();
    let report = discover(folder.path()).unwrap().run(&double, "");
    assert!(report.is_success(), "{}", report.to_text());
    let asked = double.0.into_inner();
    let asked: Vec<(&str, &str)> = asked.iter().map(|(state, of)| (&**state, &**of)).collect();
    let once = [("A", "double@1"), ("C", "double")];
    assert_eq!(asked, [once, once].concat());
}
