use super::TestFile;

/// Checks what is said about a file.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let problems = TestFile::parse(text).err().unwrap_or_default();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected, "{text}");
}

/// Checks what is said about a file with one case, which has that member.
#[track_caller]
fn check_case(member: &str, expected: &[&str]) {
    check(&format!(r#"{{"cases": [{{"name": "c", {member}}}]}}"#), expected);
}

/// Checks what is said about a mock.
#[track_caller]
fn check_mock(mock: &str, expected: &[&str]) {
    check_case(&format!(r#""mocks": {{"A": {mock}}}"#), expected);
}

/// Checks what is said about an expectation.
#[track_caller]
fn check_expect(expect: &str, expected: &[&str]) {
    check_case(&format!(r#""expect": {expect}"#), expected);
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place() {
    check("[]", &["this has to be an object, but it is an array"]);
    check("{}", &["`cases` is missing"]);
    check(r#"{"cases": []}"#, &["/cases: there is no case; add one"]);
    check(r#"{"cases": {}}"#, &["/cases: this has to be an array, but it is an object"]);
    check(r#"{"cases": [{}]}"#, &["/cases[0]: `name` is missing"]);
    check(
        r#"{"case": [], "cases": [{"name": "c"}, {"name": "c"}], "type": "FAST"}"#,
        &[
            "/case: `case` is not known here; did you mean `cases`?",
            "/type: `FAST` is no type; a workflow is `STANDARD` or `EXPRESS`",
            "/cases[1]/name: another case is called `c` too; rename one",
        ],
    );
    check(
        r#"{"cases": [{"name": "c", "name": "d"}]}"#,
        &["/cases[0]/name: `name` stands here more than once; keep one"],
    );
    check(
        r#"{"mocks": {"A": {"retrun": 1}}, "cases": [{"name": "c"}]}"#,
        &[
            "/mocks/A/retrun: `retrun` is not known here; did you mean `return`?",
            "/mocks/A: a mock has one of `return`, `throw`, `never`: true, and, for what a Map \
             reads, `items`",
        ],
    );
}

#[test]
fn what_is_wrong_with_a_case_is_told_with_its_place() {
    check_case(
        r#""inputs": 1"#,
        &["/cases[0]/inputs: `inputs` is not known here; did you mean `input`?"],
    );
    check_case(
        r#""xyz": 1"#,
        &["/cases[0]/xyz: `xyz` is not known here; known are `name`, `comment`, `input`, \
           `startsAt`, `mocks`, `mockConfig` and `expect`"],
    );
    check_case(
        r#""startsAt": "today""#,
        &["/cases[0]/startsAt: `today` is no instant; write one as `2026-01-31T12:00:00Z`"],
    );
    check_case(
        r#""mockConfig": {"file": 1}"#,
        &[
            "/cases[0]/mockConfig/file: this has to be a text, but it is a number",
            "/cases[0]/mockConfig: `case` is missing",
        ],
    );
}

#[test]
fn what_is_wrong_with_a_mock_is_told_with_its_place() {
    for mock in [
        r#"{"return": null}"#,
        r#"{"throw": {"error": "E"}, "after": 0.5}"#,
        r#"{"never": true}"#,
        r#"{"items": []}"#,
        "[]",
    ] {
        check_mock(mock, &[]);
    }
    let either = "a mock has one of `return`, `throw`, `never`: true, and, for what a Map reads, \
                  `items`";
    let at = "/cases[0]/mocks/A";
    for mock in ["{}", r#"{"return": 1, "never": true}"#, r#"{"never": false}"#] {
        check_mock(mock, &[&format!("{at}: {either}")]);
    }
    check_mock(r#"[{"return": 1}, {}]"#, &[&format!("{at}[1]: {either}")]);
    check_mock("7", &[&format!("{at}: this has to be an object, but it is a number")]);
    check_mock(r#"{"throw": {"cause": "c"}}"#, &[&format!("{at}/throw: `error` is missing")]);
    check_mock(
        r#"{"return": 1, "after": -1}"#,
        &[&format!("{at}/after: this has to be a number of seconds, 0 or more")],
    );
    check_mock(
        r#"{"items": {}}"#,
        &[&format!("{at}/items: this has to be an array, but it is an object")],
    );
}

#[test]
fn what_is_wrong_with_an_expectation_is_told_with_its_place() {
    check_expect(r#"{"output": null, "path": ["A"], "took": 1}"#, &[]);
    check_expect(r#"{"status": "FAILED", "error": "E", "causeMatches": "*"}"#, &[]);
    let at = "/cases[0]/expect";
    check_expect(
        r#"{"status": "ABORTED"}"#,
        &[&format!(
            "{at}/status: `ABORTED` is no status that a case can end with; known are `SUCCEEDED`, \
             `FAILED` and `TIMED_OUT`"
        )],
    );
    for expect in [
        r#"{"output": 1, "error": "E"}"#,
        r#"{"outputMatches": 1, "status": "FAILED"}"#,
        r#"{"status": "SUCCEEDED", "cause": "c"}"#,
    ] {
        let both = "an execution has an output or an error, and not both; expect one";
        check_expect(expect, &[&format!("{at}: {both}")]);
    }
    check_expect(
        r#"{"path": "A"}"#,
        &[&format!("{at}/path: this has to be an array, but it is a string")],
    );
    check_expect(
        r#"{"pathIncludes": ["A", 1]}"#,
        &[&format!("{at}/pathIncludes[1]: this has to be a text, but it is a number")],
    );
}
