use super::rows;

#[test]
fn columns_stand_below_each_other() {
    let row = |first: &str, second: &str| [first.to_owned(), second.to_owned()];
    let table = [row("a", "long text"), row("bcd", "x\n"), row("ef", "y")];
    assert_eq!(rows(&table), "a    long text\nbcd  x\\n\nef   y");
}
