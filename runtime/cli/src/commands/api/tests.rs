use stepwell_api::Operation;

use super::operation;

#[test]
fn an_operation_is_known_in_both_spellings() {
    for called in ["DescribeExecution", "describe-execution", "describeExecution"] {
        assert_eq!(operation(called), Ok(Operation::DescribeExecution));
    }
    let said = operation("DescribeNothing").unwrap_err().to_string();
    assert!(
        said.starts_with("there is no operation `DescribeNothing`\nhint: there are "),
        "{said}"
    );
}
