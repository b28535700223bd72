use std::time::Duration;

use super::{CaseReport, Report, SuiteReport};
use crate::verdict::Miss;

fn miss(place: &str, message: &str, diff: Option<&str>) -> Miss {
    Miss { place: place.into(), message: message.into(), diff: diff.map(str::to_owned) }
}

fn report() -> Report {
    let passed = CaseReport {
        name: "a & b < \"c\"".into(),
        warnings: vec!["the mock of `A` was never used".into()],
        elapsed: Duration::from_millis(1500),
        ..CaseReport::default()
    };
    let misses = vec![
        miss("/cases[1]/expect/output", "the output\tis <another> one", Some("- 1\n+ \u{1b}2\r")),
        miss("/cases[1]/expect/took", "expected 1 s, but it took 2 s", None),
    ];
    let elapsed = Duration::from_micros(2499);
    let failed = CaseReport { name: "fails".into(), misses, elapsed, ..CaseReport::default() };
    let orders = SuiteReport {
        name: "orders".into(),
        file: "flows/orders.test.json".into(),
        cases: vec![passed, failed],
        ..SuiteReport::default()
    };
    let broken = SuiteReport {
        name: "broken".into(),
        file: "flows/broken.test.json".into(),
        problems: vec!["it is \"broken\"".into(), "twice".into()],
        ..SuiteReport::default()
    };
    let empty = SuiteReport { name: "filtered out".into(), ..SuiteReport::default() };
    Report { suites: vec![orders, empty, broken], untested: vec!["flows/other.asl.json".into()] }
}

#[test]
fn build_servers_are_given_junit() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="stepwell" tests="3" failures="1" errors="1" time="1.502">
  <testsuite name="orders" file="flows/orders.test.json" tests="2" failures="1" errors="0" time="1.502">
    <testcase name="a &amp; b &lt; &quot;c&quot;" classname="orders" time="1.500">
      <system-out>the mock of `A` was never used</system-out>
    </testcase>
    <testcase name="fails" classname="orders" time="0.002">
      <failure message="/cases[1]/expect/output: the output&#9;is &lt;another&gt; one">/cases[1]/expect/output: the output	is &lt;another&gt; one
- 1
+ �2&#13;
/cases[1]/expect/took: expected 1 s, but it took 2 s</failure>
    </testcase>
  </testsuite>
  <testsuite name="broken" file="flows/broken.test.json" tests="1" failures="0" errors="1" time="0.000">
    <testcase name="flows/broken.test.json" classname="broken">
      <error message="it is &quot;broken&quot;">it is &quot;broken&quot;
twice</error>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert_eq!(report().to_junit(), expected);
}

#[test]
fn people_are_given_every_case_and_the_sum() {
    let expected = "\
flows/orders.test.json
  ok   a & b < \"c\"
      warning: the mock of `A` was never used
  FAIL fails
      /cases[1]/expect/output: the output\tis <another> one
        - 1
        + \u{fffd}2\u{fffd}
      /cases[1]/expect/took: expected 1 s, but it took 2 s
error: it is \"broken\"
error: twice
warning: flows/other.asl.json has no tests
1 passed, 1 failed, 1 file could not be used
";
    assert_eq!(report().to_text(), expected);
    assert_eq!(Report::default().to_text(), "no case was found\n");
}

#[test]
fn a_report_is_a_success_when_nothing_is_wrong() {
    let broken = |report: &mut Report| report.suites[2].problems.clear();
    let failed = |report: &mut Report| report.suites[0].cases[1].misses.clear();
    let is_success = |repairs: &[&dyn Fn(&mut Report)]| {
        let mut report = report();
        for repair in repairs {
            repair(&mut report);
        }
        report.is_success()
    };
    assert!(!is_success(&[&broken]));
    assert!(!is_success(&[&failed]));
    assert!(is_success(&[&broken, &failed]));
}
