//! Expressions that mean harm end in the error that fits, on a stack of one megabyte.
#![expect(clippy::unwrap_used, reason = "a test")]

use proptest::prelude::*;
use stepwell_jsonata::{Dialect, Env, Error, Expression, Limits, PARSE_DEPTH_MAX};
use stepwell_value::Value;

/// Runs on a stack of a mebibyte, as a debug build has to fit into it as well.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap()
}

fn evaluate_as(text: &str, dialect: Dialect) -> Result<Option<Value>, Error> {
    let mut entropy = || 0x0123_4567_89ab_cdef;
    let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: patient() };
    Expression::parse_as(text, dialect)?.evaluate(None, &(), &mut env)
}

/// The service's limits, with fewer steps: a debug build is slow.
fn patient() -> Limits {
    Limits { steps_max: 1_000_000, ..Limits::STEP_FUNCTIONS }
}

fn evaluate(text: &str) -> Result<Option<Value>, Error> {
    let text = text.to_owned();
    on_a_small_stack(move || evaluate_as(&text, Dialect::StepFunctions))
}

/// The message, or the value where there is none.
fn message(text: &str) -> String {
    match evaluate(text) {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

const STACK: &str = "Stack overflow error: Check for non-terminating recursive function. \
                     Consider rewriting as tail-recursive";
const TIME: &str = "Expression evaluation timeout: Check for infinite loop";
const MEMORY: &str =
    "Expression evaluation memory limit exceeded: Check for excessive memory usage";

#[test]
fn deep_nesting_is_refused_when_the_expression_is_read() {
    let refusal = format!("The expression nests deeper than {PARSE_DEPTH_MAX} levels");
    for levels in [5_000, 200_000] {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("-", "1", ""),
            ("{'a':", "1", "}"),
            ("function(){", "1", "}"),
            ("1+", "1", ""),
            ("a.", "a", ""),
            ("a[", "1", "]"),
            ("true ? ", "1", " : 2"),
            ("$f(", "1", ")"),
            ("$x := ", "1", ""),
            ("", "a", "[1]"),
            ("", "a", "()"),
            ("", "a", "^(b)"),
            ("", "a", "~>$f"),
            ("|", "a", "|b|"),
        ] {
            let text = format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
            assert_eq!(message(&text), refusal, "{open}{middle}{close}");
        }
    }
}

#[test]
fn what_nests_as_deep_as_allowed_fits_the_stack() {
    let levels = PARSE_DEPTH_MAX - 10;
    for (open, middle, close) in
        [("(", "1", ")"), ("[", "1", "]"), ("{'a':", "1", "}"), ("1+", "1", ""), ("-", "a", "")]
    {
        let text = format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
        assert_eq!(message(&text), STACK, "{open}{middle}{close}");
    }
    let names = vec!["a"; levels].join(".");
    assert_eq!(message(&names), "None");
    let steps = format!("{{}}.{}", vec!["(a)"; levels].join("."));
    assert_eq!(message(&steps), "None");
}

/// What was measured on the service: the last that works, and the first that does not.
#[test]
fn limits_lie_where_the_service_has_them() {
    let sum = |terms: usize| vec!["1"; terms].join("+");
    let brackets = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
    let recursion = |calls: u32| {
        format!("($f := function($n) {{ $n <= 0 ? 0 : 1 + $f($n - 1) }}; $f({calls}))")
    };
    let doubled = |times: u32| {
        format!("$length($reduce([1..{times}], function($s) {{ $s & $s }}, 'x'))")
            .replace("function($s)", "function($s, $n)")
    };
    for (fine, refused, message_of_it) in [
        (sum(100), sum(101), STACK),
        (brackets(99), brackets(100), STACK),
        (recursion(31), recursion(32), STACK),
        ("$count([1..873782])".into(), "[1..873783]".into(), MEMORY),
        ("$count($range(1, 360145, 1))".into(), "$range(1, 360146, 1)".into(), MEMORY),
        (doubled(22), doubled(23), MEMORY),
    ] {
        assert!(message(&fine).starts_with("Some"), "{fine}: {}", message(&fine));
        assert_eq!(message(&refused), message_of_it, "{refused}");
    }
}

#[test]
fn recursion_that_runs_away_ends_at_the_depth_limit() {
    for text in [
        "($f := function($x){ 1 + $f($x) }; $f(1))",
        "($f := function($x){ $map([1], function($y){ [$f($y)] }) }; $f(1))",
        "($f := function($x){ {'a': $f($x)} }; $f(1))",
        "($f := function($x){ $sort([1,2], function($l,$r){ $f($l) = 1 }) }; $f(1))",
        "($f := function($x){ $x.($f($x)) }; $f(1))",
        "($f := function($x){ $x[$f($x)] }; $f(1))",
        "($f := function($x){ $x^($f($x)) }; $f([1,2]))",
        "($f := function($x){ $x ~> |$|{'a':$f($x)}| }; $f({}))",
        "($f := function($x){ $x@$y.($f($x)) }; $f(1))",
        "($f := function($x){ $replace('a', /a/, function($m){ '' & $f(1) }) & '' }; $f(1))",
        "($f := function($x){ $reduce([1,2,3], function($a,$b){ $f($a) + 1 }) + 1 }; $f(1))",
        "($f := function($x){ 1 + (1 ~> $f) }; $f(1))",
        "($f := function($x){ 1 + $g(1) }; $g := $f(?); $f(1))",
    ] {
        assert_eq!(message(text), STACK, "{text}");
    }
}

#[test]
fn tail_calls_go_on_until_the_steps_are_used_up() {
    assert_eq!(message("($f := function($x){ $f($x + 1) }; $f(1))"), TIME);
    assert_eq!(
        message("($f := function($x){ $g($x) }; $g := function($x){ $f($x) }; $f(1))"),
        TIME
    );
}

#[test]
fn memory_that_runs_away_is_refused_before_it_is_taken() {
    for text in [
        "$pad('x', 2000000000)",
        "$pad('x', -2e300)",
        "[1..9000000]",
        "$range(1, 9e18, 1)",
        "($f := function($s){ $f($s & $s) }; $f('x'))",
        "($f := function($a){ $f($append($a, $a)) }; $f([1]))",
        "($f := function($a){ $f([$a, $a]) }; $f([1])) ~> $string",
        "$map([1..100000], function($x){ $pad('x', 10000) })",
        "$reduce([1..100000], function($a, $x){ $append($a, [1..1000]) }, [])",
        "$join($map([1..1000], function($x){ $pad('x', 1000) }), $pad(' ', 100000))",
        "$replace($pad('', 100000, 'a'), 'a', $pad('', 100000, 'b'))",
        "$zip([1..200000], [1..200000], [1..200000], [1..200000])",
        "[1..800].([1..800].{'a': 1})",
    ] {
        let found = message(text);
        assert!(found == MEMORY || found == TIME, "{text}: {found}");
    }
}

#[test]
fn values_do_not_nest_without_end() {
    for text in [
        "$reduce([1..100000], function($a, $x){ [[$a]] })",
        "$reduce([1..100000], function($a, $x){ {'a': $a} })",
        "$reduce([1..100000], function($a, $x){ $map([1,2], function(){ $a }) })",
        "($f := function($a){ $f([[$a]]) }; $f(1))",
        "$reduce([1..100000], function($a, $x){ $zip([$a], [$x]) })",
    ] {
        let found = message(text);
        assert!([MEMORY, TIME, STACK].contains(&&*found), "{text}: {found}");
    }
}

#[test]
fn an_object_that_is_put_into_itself_ends_at_the_depth_limit() {
    assert_eq!(message("{'a': {'b': 1}} ~> |a|{'x': $}|"), STACK);
    assert_eq!(message("{'a': {'b': 1}} ~> |a|{'x': [$, {'y': $}]}|"), STACK);
    assert_eq!(message("({'a': {'b': 1}} ~> |$|{'x': a}|).x.b"), "Some(Int(1))");
}

/// Everything that goes down into a value does so on a small stack.
#[test]
fn what_nests_deep_fits_the_stack() {
    for grown in ["[[$v]]", "{'a': $v}"] {
        for operation in UNFOLDING {
            let text = format!(
                "($d := $reduce([1..950], function($v, $i) {{ {grown} }}, 1); $e := $append($d, $d); \
                 {operation})"
            );
            on_a_small_stack(move || shown(&text));
        }
    }
}

#[test]
fn a_result_nests_no_deeper_than_json_may() {
    let nested =
        |times: u32| evaluate(&format!("$reduce([1..{times}], function($a, $x) {{ [[$a]] }}, 1)"));
    let depth = nested(990).map(|value| value.unwrap().depth());
    assert_eq!(depth, Ok(991));
    assert!(nested(1010).is_err_and(|error| error.to_string() == MEMORY));
}

#[test]
fn a_text_of_many_parts_is_measured_before_it_is_split() {
    for text in [
        "$split($pad('', 5000000, 'a'), '')",
        "$split($pad('', 5000000, ','), ',')",
        "$split($pad('', 5000000, 'a'), /a/)",
    ] {
        let found = message(text);
        assert!(found == MEMORY || found == TIME, "{text}: {found}");
    }
}

/// A value whose parts are shared is small, and endless to whoever goes through all of it.
#[test]
fn what_is_shared_is_not_unfolded_without_end() {
    for grown in ["[[$v], [$v]]", "{'a': $v, 'b': $v}", "[[$v], {'a': $v}]"] {
        for leaf in ["1", "0", "''", "[]", "{'b': 1}"] {
            for operation in UNFOLDING {
                let text = format!(
                    "($f := function($n, $v) {{ $n = 0 ? $v : $f($n - 1, {grown}) }}; \
                     $d := $f(40, {leaf}); $e := $f(40, {leaf}); {operation})"
                );
                let shown = on_a_small_stack(move || shown(&text));
                assert!(shown.len() < 1_000_000, "{operation}: {} bytes", shown.len());
            }
        }
    }
}

/// The value's text or the message, with few steps.
fn shown(text: &str) -> String {
    let mut entropy = || 7;
    let limits = Limits { memory_bytes_max: 1 << 20, ..tight() };
    let mut env = Env { now_millis: 0, entropy: &mut entropy, limits };
    let expression = Expression::parse_as(text, Dialect::Jsonata).unwrap();
    match expression.evaluate(None, &(), &mut env) {
        Ok(value) => value.map_or(String::new(), |value| value.to_string()),
        Err(error) => error.service_text(),
    }
}

/// What one can do with a value `$d`, and with `$e`, which is made like it.
const UNFOLDING: &[&str] = &[
    "$d",
    "[$d]",
    "{'x': $d}",
    "$string($d)",
    "$string($d, true)",
    "$d & ''",
    "$d = $e",
    "$d != $e",
    "$d in [$e]",
    "$distinct([$d, $e])",
    "$boolean($d)",
    "$not($d)",
    "$d ? 1 : 2",
    "$d and $e",
    "$filter([1], function() { $d })",
    "$d.a",
    "$d.a.b",
    "$d.*",
    "$d.**",
    "$d.**[0]",
    "$d[0][0]",
    "$d[$e]",
    "$d{'x': $}",
    "$d^(a)",
    "$d.($)",
    "$d.[$]",
    "$d@$x.a",
    "$lookup($d, 'a')",
    "$keys($d)",
    "$d ~> |**|{'c': 1}|",
    "$d ~> |$|{'c': 1}|",
    "$abs($d)",
    "-$d",
    "$d + 1",
    "$d < 1",
    "[$d..1]",
    "$sum($d)",
    "$uppercase($d)",
    "$d()",
    "$sort($d)",
    "$zip($d, $e)",
    "$append($d, $e)",
    "$merge($d)",
    "$spread($d)",
    "$reverse($d)",
    "$shuffle($d)",
    "$each($d, function($v) { $v })",
    "$sift($d, function($v) { $v })",
    "$map($d, function($v) { $v })",
    "$reduce($d, function($a, $v) { $v })",
    "$single($d, function($v) { $v })",
    "$join($d)",
    "$partition($d, 1)",
    "$hash($d, 'MD5')",
    "$error($d)",
    "$assert($d, 'x')",
    "$number($d)",
    "$exists($d)",
    "$type($d)",
    "$count($d)",
];

#[test]
fn regular_expressions_do_not_backtrack_without_end() {
    let text = format!("$contains('{}!', /^(a+)+$/)", "a".repeat(60));
    assert_eq!(evaluate(&text).unwrap(), Some(false.into()));
    let text = format!("$contains('{}!', /^(?=(a+)+$)(a+)+\\1$/)", "a".repeat(60));
    assert!(
        evaluate(&text).is_ok_and(|found| found == Some(false.into())) || message(&text) == TIME
    );
    let text = format!("$contains('{}!', /(?!b)(a*)*\\1b/)", "a".repeat(2000));
    let found = message(&text);
    assert!(found == TIME || found.contains("false"), "{found}");
}

#[test]
fn pictures_end_whatever_they_ask_for() {
    for text in [
        "$formatNumber(0, '0e0')",
        "$formatNumber(1e300, '0.0e0')",
        "$formatNumber(1e-300, '####0.0e0')",
        "$formatNumber(1/0, '0e0')",
        "$formatNumber(0/0, '#,##0.00')",
        "$formatInteger(1e300, 'w')",
        "$formatInteger(1e300, 'a')",
        "$formatInteger(1e300, 'I')",
        "$fromMillis(1e300)",
        "$fromMillis(-1e300, '[Y]-[W]-[w]-[x]')",
        "$fromMillis(0, '[Y,99999999999999999999]')",
        "$fromMillis(0, '[M,*-99999]', '99999999999')",
        "$toMillis('99999999999999999999', '[Y]')",
        "$toMillis('2018', '[Y,4-4][M01][D01]')",
        "$parseInteger('é', 'w')",
        "$parseInteger('一二三', '０')",
        "$toMillis('é', '[Y]é')",
        "$fromMillis(0, '[é]')",
        "$fromMillis(0, '[]')",
        "$formatBase(1e300, 2)",
        "$round(10000001, -9e15)",
        "$partition([1..5], 0/0)",
        "$round(1.5, 1e300)",
        "$round(1e300, -400)",
        "$substring('é', -1e300, 1e300)",
        "$power(10, 400)",
        "$toMillis('2018-01-01T00:00é')",
    ] {
        drop(evaluate(text));
    }
}

#[test]
fn all_integers_survive_arithmetic() {
    for text in [
        "-9223372036854775807 - 1",
        "(-9223372036854775807 - 1) % -1",
        "(-9223372036854775807 - 1) / -1",
        "-(-9223372036854775807 - 1)",
        "$abs(-9223372036854775807 - 1)",
        "[9223372036854775806..9223372036854775807]",
        "$range(-9e18, 9e18, 9e18)",
        "$power(2, 63)",
        "$sum([9223372036854775807, 9223372036854775807])",
        "[1,2][-9223372036854775807]",
        "[-9223372036854775807..9223372036854775807]",
    ] {
        drop(evaluate(text));
    }
}

/// Pieces of the language, to be thrown together.
const PIECES: [&str; 76] = [
    "a",
    "b",
    "$",
    "$$",
    "$x",
    "1",
    "0.5",
    "-1",
    "1e9",
    "'t'",
    "\"é\"",
    "true",
    "null",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ".",
    "..",
    ":=",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "=",
    "!=",
    "<",
    ">",
    "<=",
    "&",
    " and ",
    " or ",
    " in ",
    "^(",
    "@$v",
    "#$i",
    "~>",
    "|",
    "/a+/",
    "function($x){",
    "λ($y)<n:n>{",
    "$map(",
    "$filter(",
    "$reduce(",
    "$sort(",
    "$string(",
    "$number(",
    "$sum(",
    "$append(",
    "$keys(",
    "$merge(",
    "$split(",
    "$replace(",
    "$match(",
    "$substring(",
    "$formatNumber(",
    "$formatInteger(",
    "$fromMillis(",
    "$toMillis(",
    "$partition(",
    "$range(",
    "$hash(",
    "$parse(",
    "$zip(",
    "$distinct(",
    "$spread(",
    "`q r`",
    "[]",
];

fn tight() -> Limits {
    Limits { steps_max: 20_000, ..Limits::STEP_FUNCTIONS }
}

fn input() -> Value {
    Value::parse(r#"{"a":[{"b":1},{"b":[2,3]}],"b":{"a":"x"},"q r":[[1],[]]}"#).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_thrown_together_end_in_a_value_or_an_error(
        picks in prop::collection::vec(0..PIECES.len(), 1..24)
    ) {
        let text: String = picks.iter().map(|pick| PIECES[*pick]).collect();
        on_a_small_stack(move || {
            let mut entropy = || 7;
            let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: tight() };
            if let Ok(expression) = Expression::parse(&text) {
                drop(expression.evaluate(Some(&input()), &(), &mut env));
            }
        });
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,40}") {
        drop(Expression::parse(&text));
    }

    #[test]
    fn any_picture_is_followed_or_refused(
        picture in r"[\[\]YMDdFWwHhmsfPZzNnIiAaoct0-9#,.;:%‰e é*-]{0,16}",
        number in any::<f64>(),
    ) {
        for call in ["$formatNumber($n, $p)", "$formatInteger($n, $p)", "$fromMillis($n, $p)",
            "$toMillis($string($n), $p)", "$parseInteger($string($n), $p)"] {
            let bindings = [("n", Value::float(number)), ("p", Value::from(&*picture))];
            let mut entropy = || 7;
            let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: tight() };
            drop(Expression::parse(call).unwrap().evaluate(None, &bindings, &mut env));
        }
    }
}
