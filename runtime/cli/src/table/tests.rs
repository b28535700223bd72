use super::rows;

#[test]
fn columns_stand_below_each_other() {
    let table = [["a".to_owned(), "long text".to_owned()], ["bcd".to_owned(), "x\n".to_owned()]];
    assert_eq!(rows(&table), "a    long text\nbcd  x\\n");
}
