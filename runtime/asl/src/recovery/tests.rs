use super::ErrorPattern;

#[test]
fn wildcards_leave_out_what_the_language_excepts() {
    let table = [
        ("States.ALL", Some("Busy"), true),
        ("States.ALL", Some("States.Timeout"), true),
        ("States.ALL", Some("States.Runtime"), false),
        ("States.ALL", Some("States.DataLimitExceeded"), true),
        ("States.ALL", None, true),
        ("States.TaskFailed", Some("Busy"), true),
        ("States.TaskFailed", Some("States.Timeout"), false),
        ("States.TaskFailed", Some("States.Runtime"), false),
        ("States.TaskFailed", None, true),
        ("States.Runtime", Some("States.Runtime"), true),
        ("Busy", Some("Busy"), true),
        ("Busy", Some("busy"), false),
        ("Busy", None, false),
    ];
    for (pattern, error, expected) in table {
        let matches = ErrorPattern::parse(pattern).matches(error);
        assert_eq!(matches, expected, "{pattern} and {error:?}");
    }
}
