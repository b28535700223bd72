use super::{Failure, Only, Report, Score};

#[test]
fn a_report_lists_failures_and_then_scores_and_then_the_sum() {
    let mut paths = Score::new("paths");
    paths.note(None);
    paths.note(Some(Failure::new("paths/1 $.a", "1", "2")));
    let mut sums = Score::new("long sums");
    sums.note(None);
    sums.uncertain.push(Failure::new("sums/7", "7", "8"));
    sums.of_form.push(Failure { case: "sums/8".into(), differences: vec!["1.0 is 1".into()] });
    let scores = vec![paths, sums, Score::new("nothing played")];
    let report = Report { scores, notes: vec!["3 not played".to_owned()] };
    let expected = "\
failed: paths: paths/1 $.a
    expected 1
    actual   2
uncertain: long sums: sums/7
    expected 7
    actual   8
of form: long sums: sums/8
    1.0 is 1
3 not played
paths         1 of    2
long sums     1 of    1  (1 uncertain)
2 passed, 1 failed
";
    assert_eq!(report.to_string(), expected);
}

#[test]
fn a_case_is_taken_by_a_part_of_its_name() {
    let only = |part: &str| Only(Some(part.to_owned()));
    assert!(Only::default().takes("jsonpath/1 $.a"));
    assert!(only("path/1").takes("jsonpath/1 $.a"));
    assert!(!only("path/2").takes("jsonpath/1 $.a"));
}
