use rusqlite::{Connection, params_from_iter};
use stepwell_journal::{ExecutionId, Query, Status, Subject};

use super::Selection;
use crate::{Options, open};

/// How the rows of the list are found.
fn plan(connection: &Connection, query: &Query) -> String {
    let Selection { sql, values } = Selection::of(query);
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = statement.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
    let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
    let sorted = steps.iter().find(|step| step.contains("TEMP B-TREE"));
    let is_of_e = |step: &&String| step.starts_with("SEARCH e ") || step.starts_with("SCAN e");
    sorted.or_else(|| steps.iter().find(is_of_e)).unwrap().clone()
}

#[test]
fn a_page_of_a_list_is_found_by_an_index_and_is_in_order() {
    let connection = open::writer(":memory:".as_ref(), &Options::default()).unwrap();
    let arn = || "arn".into();
    let table = [
        (Subject::Arn(arn()), None, None, "execution_by_arn (arn=? AND id<?)"),
        (Subject::Machine(arn()), None, None, "execution_by_machine (machine=? AND id<?)"),
        (Subject::Version(arn()), None, None, "execution_by_version (version=? AND id<?)"),
        (Subject::Alias(arn()), None, None, "execution_by_alias (alias=? AND id<?)"),
        (
            Subject::Machine(arn()),
            Some(Status::Failed),
            None,
            "execution_by_machine_status (machine=? AND status=? AND id<?)",
        ),
        (
            Subject::Version(arn()),
            Some(Status::Running),
            None,
            "execution_by_version_status (version=? AND status=? AND id<?)",
        ),
        (
            Subject::Alias(arn()),
            Some(Status::Succeeded),
            None,
            "execution_by_alias_status (alias=? AND status=? AND id<?)",
        ),
        (Subject::All, None, Some(true), "execution_by_redrive (id<?)"),
        (
            Subject::Machine(arn()),
            None,
            Some(true),
            "execution_by_machine_redrive (machine=? AND id<?)",
        ),
        (
            Subject::Version(arn()),
            None,
            Some(true),
            "execution_by_version_redrive (version=? AND id<?)",
        ),
        (Subject::Alias(arn()), None, Some(true), "execution_by_alias_redrive (alias=? AND id<?)"),
        (
            Subject::Children(ExecutionId(1)),
            None,
            Some(true),
            "execution_by_parent_redrive (parent=? AND id<?)",
        ),
        (
            Subject::Alias(arn()),
            Some(Status::Failed),
            Some(false),
            "execution_by_alias_status (alias=? AND status=? AND id<?)",
        ),
    ];
    for (subject, status, redriven, expected) in table {
        let query = Query { status, redriven, ..Query::newest(subject, 100) };
        let plan = plan(&connection, &query);
        assert_eq!(plan, format!("SEARCH e USING INDEX {expected}"), "{query:?}");
    }
}
