use super::{read, with_block};

const FILE: &str = "# Title\n\n## First\n\nProse.\n\n```asl\n{}\n```\n\n```history\nold\n```\n\n## Only prose\n\n## Second\n\n```asl\n[]\n```\n";

#[test]
fn a_heading_with_a_definition_is_a_case() {
    let cases = read(FILE);
    let titles: Vec<_> = cases.iter().map(|case| (case.title.as_str(), case.line)).collect();
    assert_eq!(titles, [("First", 3), ("Second", 17)]);
    assert_eq!(cases[0].block("asl"), Some("{}\n"));
    assert_eq!(cases[0].block("history"), Some("old\n"));
    assert_eq!(cases[1].block("history"), None);
}

#[test]
fn a_block_is_replaced_where_it_stands() {
    let cases = read(FILE);
    let changed = with_block(FILE, &cases[0], "history", "new\nlines\n");
    assert_eq!(changed, FILE.replace("old\n", "new\nlines\n"));
    assert_eq!(with_block(FILE, &cases[1], "history", "new\n"), FILE);
}
