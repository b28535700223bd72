use crate::testing::check_on;

const BOOKS: &str = r#"{"books":[{"i":1,"t":"x","a":[{"n":"p"},{"n":"q"}]},{"i":2,"t":"y","a":[{"n":"r"}]}],
    "loans":[{"b":2},{"b":1},{"b":2}]}"#;

#[test]
fn variables_join_two_lists() {
    check_on(
        BOOKS,
        &[
            ("loans@$l.books@$b[$l.b=$b.i].$b.t", r#"["y","x","y"]"#),
            ("loans@$l.books[i=$l.b].t", r#"["y","x","y"]"#),
            ("loans@$l.books@$b[$l.b=$b.i]{$b.t: $count($l)}", r#"{"y":2,"x":1}"#),
        ],
    );
}

#[test]
fn indexes_count_the_items_of_a_step() {
    check_on(
        BOOKS,
        &[
            ("books#$i.($string($i) & t)", r#"["0x","1y"]"#),
            ("books.a#$i.($string($i) & n)", r#"["0p","1q","0r"]"#),
            ("books[i>1]#$i.$i", "0"),
            ("books^(>i)#$i.($string($i) & t)", r#"["0y","1x"]"#),
        ],
    );
}

#[test]
fn the_percent_sign_is_what_the_step_was_taken_from() {
    check_on(
        BOOKS,
        &[
            ("books.a.(n & %.t)", r#"["px","qx","ry"]"#),
            ("books.a.n[%.%.i=2]", "\"r\""),
            ("books.(a).(n & %.t)", r#"["px","qx","ry"]"#),
            ("books.a^(>%.i).n", r#"["r","p","q"]"#),
            // What a group seeks is not handed on, as in the reference.
            ("books.a{%.t: n}", "{}"),
            (
                "%.a",
                "S0217: The object representing the 'parent' cannot be derived from this expression",
            ),
        ],
    );
}
