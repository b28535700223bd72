use crate::testing::check;

#[test]
fn what_is_no_longer_held_is_given_back() {
    check(&[
        ("$count($reduce([1..2000], function($a, $x){$append($a, $x)}, []))", "2000"),
        ("$sum($map([1..100], function($x){$count([1..5000])}))", "500000"),
        ("($f := function($n){$n = 0 ? 0 : $count([1..5000]) > 0 ? $f($n - 1)}; $f(200))", "0"),
    ]);
}

#[test]
fn what_is_held_is_not() {
    let memory =
        "U1001: Expression evaluation memory limit exceeded: Check for excessive memory usage";
    check(&[
        ("$count($map([1..200], function($x){[[1..5000]]}))", memory),
        ("$count([1..200].[[1..5000]])", memory),
        ("$length($pad('x', 20000000))", memory),
    ]);
}
