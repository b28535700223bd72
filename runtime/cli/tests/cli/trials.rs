//! `stepwell test`: what comes of test cases, and what is written about it.

use std::fs;

use crate::command::Folder;

const ORDER: &str = r#"{"StartAt":"Pay","States":{
  "Pay":{"Type":"Task","Resource":"pay","Next":"Ship",
    "Catch":[{"ErrorEquals":["Declined"],"Next":"Refuse"}]},
  "Ship":{"Type":"Pass","End":true},
  "Refuse":{"Type":"Fail","Error":"Refused"}}}"#;
const PASSING: &str = r#"{"cases":[
  {"name":"is paid","mocks":{"Pay":{"return":{"receipt":1},"after":86400}},
   "expect":{"output":{"receipt":1},"path":["Pay","Ship"],"took":86400}},
  {"name":"is declined","mocks":{"Pay":{"throw":{"error":"Declined"}}},
   "expect":{"error":"Refused"}}]}"#;
const FAILING: &str = r#"{"cases":[
  {"name":"is <paid>","mocks":{"Pay":{"return":{"receipt":1}}},
   "expect":{"output":{"receipt":2}}}]}"#;
const UNMOCKED: &str = r#"{"cases":[
  {"name":"comes back","input":{"n":7},"expect":{"output":{"n":7},"path":["Say","Again"]}}]}"#;
const ECHO: &str = r#"{"StartAt":"Say","States":{
  "Say":{"Type":"Task","Resource":"echo","TimeoutSeconds":5,"Next":"Again"},
  "Again":{"Type":"Task","Resource":"echo","End":true}}}"#;

fn orders(tests: &str) -> Folder {
    Folder::with(&[("flows/order.asl.json", ORDER), ("flows/order.test.json", tests)])
}

/// A workflow whose tasks are not mocked, and a registry that has them in the folder of that name.
fn echoes(registry: &str) -> Folder {
    let folder = Folder::with(&[("echo.asl.json", ECHO), ("echo.test.json", UNMOCKED)]);
    fs::create_dir(folder.path().join(registry)).unwrap();
    let component = folder.path().join(registry).join("echo.wasm");
    fs::copy(stepwell_tests::guests::echo(), component).unwrap();
    folder
}

#[test]
fn cases_that_pass_are_told_on_standard_output() {
    let told = "flows/order.test.json\n  ok   is paid\n  ok   is declined\n2 passed, 0 failed\n";
    let folder = orders(PASSING);
    folder.run("test flows").is(0, told, "");
    folder.run("test flows/order.test.json").is(0, told, "");
    folder.run("test -q").is(0, "", "");
}

#[test]
fn a_case_that_fails_shows_what_is_different() {
    let told = "flows/order.test.json
  FAIL is <paid>
      /cases[0]/expect/output: the output is another one
          {
        -   \"receipt\": 2
        +   \"receipt\": 1
          }
0 passed, 1 failed
";
    let folder = orders(FAILING);
    folder.run("test flows --junit report.xml").is(1, told, "");
    folder.run("test flows --quiet").is(1, told, "");
    let report = fs::read_to_string(folder.path().join("report.xml")).unwrap();
    assert!(report.starts_with("<?xml "), "{report}");
    for part in [r#" tests="1" failures="1""#, r#"name="is &lt;paid&gt;""#, "<failure "] {
        assert!(report.contains(part), "{part} in {report}");
    }
}

#[test]
fn coverage_tells_what_no_case_of_the_filter_reaches() {
    let folder = orders(PASSING);
    folder.run("test flows --filter order/is_paid --coverage --coverage-json c.json").is(
        0,
        "flows/order.test.json
  ok   is paid
1 passed, 0 failed
coverage of order: 2 of 3 states, 0 of 1 catchers
  never used: Pay/Catch[0]
  never entered: Refuse
",
        "",
    );
    let json = fs::read_to_string(folder.path().join("c.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let states = &json["total"]["states"];
    assert_eq!(states, &serde_json::json!({"reached": 2, "total": 3}));
    assert_eq!(json["workflows"]["order"]["hits"]["Refuse"], 0);
}

#[test]
fn a_task_that_is_not_mocked_is_run_by_its_component() {
    let told = "./echo.test.json\n  ok   comes back\n1 passed, 0 failed\n";
    echoes("registry").run("test").is(0, told, "");
    let folder = echoes("tasks");
    folder.run("test --registry tasks").is(0, told, "");
    let unmocked = "./echo.test.json
  FAIL comes back
      /cases[0]/mocks: `Say` calls `echo` and is not mocked; add \"Say\": {\"return\": ...} to the \
                    mocks of the case
      path: Say
0 passed, 1 failed
";
    folder.run("test").is(1, unmocked, "");
    echoes("registry").run("test --only-mocks").is(1, unmocked, "");
}

#[test]
fn a_task_that_the_registry_lacks_has_to_be_mocked() {
    let folder = echoes("registry");
    let misspelt = ECHO.replace("\"echo\"", "\"ehco\"");
    fs::write(folder.path().join("echo.asl.json"), misspelt).unwrap();
    let ran = folder.run("test");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("`Say` calls `ehco` and is not mocked; add "), "{ran:?}");
    let warning = "warning: there is no task `ehco` in the registry registry; is `echo` meant?\n";
    assert_eq!(ran.stderr, warning);
}

#[test]
fn what_cannot_be_tested_is_bad_input() {
    let folder = orders(r#"{"cases":[{"name":"is paid","exepct":{}}]}"#);
    let ran = folder.run("test flows");
    assert_eq!((ran.code, &*ran.stderr), (Some(2), ""));
    assert!(ran.stdout.contains("did you mean `expect`?"), "{ran:?}");
    let ran = folder.run("test elsewhere");
    assert!(ran.code == Some(2) && ran.stderr.starts_with("error: cannot read elsewhere: "));
    let ran = folder.run("test flows --registry nowhere");
    assert!(ran.code == Some(2) && ran.stderr.contains("nowhere"), "{ran:?}");
    let ran = orders(PASSING).run("test --junit no/such/folder.xml");
    assert!(ran.code == Some(2) && ran.stderr.contains("cannot write no/such/folder.xml: "));
}

#[test]
fn no_case_at_all_is_no_success() {
    let untested = "warning: ./order.asl.json has no tests\nno case was found\n";
    let folder = Folder::with(&[("order.asl.json", ORDER)]);
    let hint = "  hint: the tests of NAME.asl.json stand beside it, in NAME.test.json\n";
    folder.run("test").is(2, untested, hint);
    let hint = "  hint: no case's name contains \"is piad\"\n";
    orders(PASSING).run("test --filter is_piad").is(2, "no case was found\n", hint);
}
