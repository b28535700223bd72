use super::*;
use crate::testing::{check, check_as, check_on};

#[test]
fn every_signature_can_be_read() {
    for spec in &SPECS {
        assert!(Signature::parse(spec.signature).is_ok(), "{}", spec.name);
    }
}

#[test]
fn dialects_differ_in_their_functions() {
    for name in ["partition", "range", "hash", "uuid", "parse"] {
        assert!(Builtin::find(name, Dialect::StepFunctions).is_some(), "{name}");
        assert!(Builtin::find(name, Dialect::Jsonata).is_none(), "{name}");
    }
    assert_ne!(
        Builtin::find("random", Dialect::StepFunctions),
        Builtin::find("random", Dialect::Jsonata)
    );
    assert!(Builtin::find("eval", Dialect::StepFunctions).is_none());
}

#[test]
fn texts_are_counted_in_characters() {
    check(&[
        ("$length('a😀é')", "3"),
        ("$substring('a😀éb', 1, 2)", "\"😀é\""),
        ("$substring('abc', -2)", "\"bc\""),
        ("$substring('abc', -5, 2)", "\"ab\""),
        ("$substring('abcd', -3, 2)", "\"bc\""),
        ("$substring('abc', 1, 0)", "\"\""),
        ("$substring('abc', nothing, 2)", "\"\""),
        ("$substring('abc', nothing)", "\"abc\""),
        ("$pad('é', 3, '12')", "\"é12\""),
        ("$pad('é', -3, '12')", "\"12é\""),
        ("$pad('abc', 2)", "\"abc\""),
        ("$trim('  a \\n b  ')", "\"a b\""),
        ("$substringBefore('a-b-c', '-')", "\"a\""),
        ("$substringAfter('a-b-c', '-')", "\"b-c\""),
        ("$substringAfter('abc', 'x')", "\"abc\""),
        ("$join(['a','b'], '-')", "\"a-b\""),
        ("$join('a')", "\"a\""),
        ("$uppercase('straße')", "\"STRASSE\""),
        ("$length(nothing)", "undefined"),
    ]);
}

#[test]
fn strings_show_values() {
    check(&[
        ("$string({'a':[1,null,'x']})", r#""{\"a\":[1,null,\"x\"]}""#),
        ("$string([1], true)", "\"[\\n  1\\n]\""),
        ("$string($sum)", "\"\""),
        ("$string({'f':$sum})", r#""{\"f\":\"\"}""#),
        ("$string(1/0)", "D3001: Attempting to invoke string function on Infinity or NaN"),
        ("$string(9007199254740993)", "\"9007199254740993\""),
        ("[1.5, 'a'].$string()", r#"["1.5","a"]"#),
    ]);
}

#[test]
fn patterns_match_split_and_replace() {
    check(&[
        (
            "$match('a1é2', /[0-9]/)",
            r#"[{"match":"1","index":1,"groups":[]},{"match":"2","index":3,"groups":[]}]"#,
        ),
        ("$match('😀a', /(a)/).index", "2"),
        ("$match('aXbX', /X/, 1).index", "1"),
        ("$contains('abc', /B/i)", "true"),
        ("$contains('abc', 'bc')", "true"),
        ("$split('a,b;c', /[,;]/)", r#"["a","b","c"]"#),
        ("$split('a,b,c', ',', 2)", r#"["a","b"]"#),
        ("$replace('abc', /x/, nothing)", "\"abc\""),
        ("$replace('abc', /b/, nothing)", "T1006: Attempted to invoke a non-function"),
        ("$split('abc', '')", r#"["a","b","c"]"#),
        ("$replace('abab', 'a', 'x', 1)", "\"xbab\""),
        ("$replace('ab', /(a)(b)/, '$2$1$$$0$9')", "\"ba$ab\""),
        ("$replace('abc', /b/, function($m){$uppercase($m.match) & $m.start})", "\"aB1c\""),
        ("$replace('aaa', 'a', function($m){'b'}, 2)", "\"bba\""),
        ("$replace('abc', /x*/, '-')", "D1004: Regular expression matches zero length string"),
        ("($f := /a(.)/; $f('xab').groups)", "[\"b\"]"),
        ("($m := /a/('aba'); $m.next().start)", "2"),
        (
            "$split('abc', function($t){{'match': 'b', 'start': 1, 'end': 2, 'groups': [], 'next': function(){nothing}}})",
            r#"["a","c"]"#,
        ),
    ]);
}

#[test]
fn arrays_and_objects_are_taken_apart_and_joined() {
    check(&[
        ("$append(1, [2,3])", "[1,2,3]"),
        ("$append([1], nothing)", "[1]"),
        ("$append(nothing, nothing)", "undefined"),
        ("$reverse([1,2])", "[2,1]"),
        ("$zip([1,2],[3,4,5])", "[[1,3],[2,4]]"),
        ("$zip([1], nothing)", "[]"),
        ("$distinct([1,1.0,'1',{'a':1},{'a':1}])", r#"[1,"1",{"a":1}]"#),
        ("$distinct([0.5,1,0.5,2,1])", "[0.5,1,2]"),
        ("$count(nothing)", "0"),
        ("$keys([{'a':1},{'b':1,'a':2}])", r#"["a","b"]"#),
        ("$keys({'a':1})", "\"a\""),
        ("$lookup([{'a':1},{'a':2}], 'a')", "[1,2]"),
        ("$spread({'a':1,'b':2})", r#"[{"a":1},{"b":2}]"#),
        ("$merge([{'a':1},{'b':2},{'a':3}])", r#"{"a":3,"b":2}"#),
        ("$exists(nothing)", "false"),
        ("$exists(null)", "true"),
        ("$count($shuffle([1..20]))", "20"),
        ("$sum($shuffle([1..20]))", "210"),
        (
            "[null, 1, 'a', true, [], {}, $sum].$type($)",
            r#"["null","number","string","boolean","array","object","function"]"#,
        ),
    ]);
}

#[test]
fn functions_are_applied_to_members() {
    check(&[
        ("$map([1,2], function($v, $i, $a){$v + $i + $count($a)})", "[3,5]"),
        ("$map([1,2], function($v){$v > 1 ? $v})", "2"),
        ("$map(nothing, $string)", "undefined"),
        ("$filter([1..4], function($v, $i){$i % 2 = 0})", "[1,3]"),
        ("$reduce([1..4], function($a, $v){$a * $v})", "24"),
        ("$reduce([], function($a, $v){$a}, 7)", "7"),
        ("$reduce([5], function($a, $v){$a + $v})", "5"),
        ("$sift({'a':1,'b':2}, function($v, $k){$k = 'b'})", r#"{"b":2}"#),
        ("$sift({'a':1}, function(){false})", "undefined"),
        ("$each({'a':1,'b':2}, function($v, $k){$k & $v})", r#"["a1","b2"]"#),
        ("$sort([3,1,2])", "[1,2,3]"),
        ("$sort(['b','a'])", r#"["a","b"]"#),
        ("$sort([1,2,3], function($l, $r){$l < $r})", "[3,2,1]"),
        ("$single([1,2], function($v){$v = 2})", "2"),
        ("$map(['a','b'], $uppercase)", r#"["A","B"]"#),
    ]);
}

#[test]
fn errors_are_raised_and_assertions_checked() {
    check(&[
        ("$error('no')", "D3137: no"),
        ("$error()", "D3137: $error() function evaluated"),
        ("$assert(1 = 2)", "D3141: $assert() statement failed"),
        ("$assert(1 = 2, 'no')", "D3141: no"),
        ("$assert(true)", "undefined"),
    ]);
}

#[test]
fn context_takes_the_place_of_a_first_argument() {
    check_on(
        r#"["a b","c d"]"#,
        &[
            ("$.$uppercase()", r#"["A B","C D"]"#),
            ("$.$split(' ')", r#"["a","b","c","d"]"#),
            ("$.$substringBefore(' ')", r#"["a","c"]"#),
        ],
    );
}

#[test]
fn moments_are_read_and_written() {
    check(&[
        ("$now()", "\"2018-02-03T04:05:06.789Z\""),
        ("$millis()", "1517630706789"),
        ("$fromMillis(0)", "\"1970-01-01T00:00:00.000Z\""),
        ("$toMillis('2018-02-03T04:05:06.789Z')", "1517630706789"),
        ("$toMillis('2018')", "1514764800000"),
        ("$toMillis('2018-02-03T04:05:06+02:00')", "1517623506000"),
        ("$toMillis('3.2.2018', '[D].[M].[Y]')", "1517616000000"),
        (
            "$toMillis('x')",
            "D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"x\"",
        ),
        ("$toMillis('2018', '[Y]-[M]')", "undefined"),
    ]);
}

#[test]
fn the_service_has_functions_of_its_own() {
    check_as(
        Dialect::StepFunctions,
        "null",
        &[
            ("$range(0, 1, 0.5)", "undefined"),
            ("$range(10, 1, -4)", "[10,6,2]"),
            ("$partition([1..5], 2)", "[[1,2],[3,4],[5]]"),
            ("$uuid()", "\"10000000-0000-4000-a000-000000000000\""),
            ("$random() >= 0 and $random() < 1", "true"),
            ("$parse('{\"a\":[1,2.5]}').a", "[1,2.5]"),
            ("$parse('{\"a\":{\"b\":1},\"b\":2}').b", "2"),
            ("$parse('{\"a\":{\"b\":1,\"\\u0062\":2}}')", "D3137: Invalid JSON"),
            ("$parse('[-1e400]')", "D3137: Invalid JSON"),
            ("$parse('\"{\\\\\"a,\"')", "\"{\\\"a,\""),
            (
                "$hash('', 'SHA-256')",
                "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
            ),
            ("$base64encode('é')", "\"w6k=\""),
            ("$base64decode('w6k=')", "\"é\""),
        ],
    );
}

#[test]
fn what_is_spread_from_an_array_stays_an_array() {
    check(&[
        ("$spread({'a': 1})", r#"{"a":1}"#),
        ("$spread([{'a': 1}])", r#"[{"a":1}]"#),
        ("$spread([{'a': 1, 'b': 2}, 3])", r#"[{"a":1},{"b":2},3]"#),
        ("$spread([''])", r#"[""]"#),
        ("$spread([[]])", "[]"),
        ("$spread([])", "undefined"),
        ("$spread({})", "undefined"),
    ]);
}

#[test]
fn what_is_looked_up_in_an_array_is_collected() {
    check(&[
        ("$lookup([{'a': 1}], 'a')", "1"),
        ("$lookup([], 'a')", "undefined"),
        ("$map([1, 2], function($x) { $lookup([{'a': 1}], 'a') })", "[[1],[1]]"),
        ("$map([1, 2], function($x) { $lookup([], 'a') })", "[[],[]]"),
    ]);
}

#[test]
fn the_ends_of_a_range_may_be_beyond_the_integers() {
    check(&[("[18446744073709551616..3]", "[]"), ("[3..-1e300]", "[]")]);
}
