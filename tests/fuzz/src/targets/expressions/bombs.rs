//! Expressions that want too much: depth, steps, memory, backtracking.

use crate::chance::Chance;

/// `N` stands for a number, `T` for an expression of which another bomb may be a part.
const BOMBS: &[&str] = &[
    "[1..N]",
    "$range(0, N, 1)",
    "$pad('ab', N)",
    "$pad('', -N, 'é')",
    "$join([1..N], $pad('', N, 'x'))",
    "($f := function($x) { 1 + $f($x) }; $f(N))",
    "($f := function($x) { $f([$x, $x]) }; $f(T))",
    "($f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s & $s) }; $f(N, T))",
    "($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, $append($a, $a)) }; $f(N, T))",
    "$replace($pad('', N, 'a'), 'a', $pad('', N, 'b'))",
    "$replace($pad('', N, 'a'), /a/, function($m) { $pad('', N) })",
    "$contains($pad('', N, 'a') & '!', /^(a+)+$/)",
    "$match($pad('', N, 'ab'), /(?=(a|b)+$)(a*b)*\\1c/)",
    "$split($pad('', N, 'a'), '')",
    "$sort([1..N], function($l, $r) { $f($l) })",
    "$sort([1..N], function($l, $r) { $l < $r })",
    "$map([1..N], function($v) { T })",
    "$reduce([1..N], function($a, $v) { [[$a]] }, T)",
    "$reduce([1..N], function($a, $v) { {'a': $a, 'b': $a} }, T)",
    "$reduce([1..N], function($a, $v) { $merge([$a, {$string($v): $v}]) }, {})",
    "$reduce([1..N], function($a, $v) { $append($a, [1..N]) }, [])",
    "$zip([1..N], [1..N], [1..N])",
    "[1..N].([1..N].{'a': $, 'b': [$]})",
    "[1..N]@$x.[1..N]@$y.{'x': $x, 'y': $y}",
    "[1..N]#$i[$i % 2 = 0]^(>$).{$string($): $i}",
    "[1..N]{$string($ % 7): $}",
    "([1..N].{'k': $string($)}){k: $}",
    "$distinct([1..N].($ % 3))",
    "$string([1..N])",
    "$hash($pad('', N), 'SHA-512')",
    "$base64encode($pad('', N, 'é'))",
    "$encodeUrl($pad('', N, '一'))",
    "$uppercase($pad('', N, 'ß'))",
    "$parse($pad('', N, '['))",
    "$parse('[' & $join([1..N].'[1,2]', ',') & ']')",
    "$formatInteger(N, 'w')",
    "$formatBase(N, 2)",
    "$formatNumber(N, $pad('0', N, '#,'))",
    "$fromMillis(N, $pad('', N, '[Y]'))",
    "$round(N, -N)",
    "$power(N, N)",
    "$shuffle([1..N])",
    "$partition([1..N], 1)",
    "$spread([1..N].{'a': 1, 'b': 2})",
    "$keys([1..N].{$string($): 1})",
    "$each([1..N].{$string($): 1} ~> $merge, function($v, $k) { T })",
    "{'a': [1..N]} ~> |a|{'b': T}|",
    "[[1..N]] ~> |**|{'b': $$}|",
    "[1..N].**.**",
    "($a := [1..N]; $b := [$a, $a, $a, $a]; $c := [$b, $b, $b, $b]; [$c, $c, $c, $c])",
    "($a := [1..N]; $b := [[$a], [$a]]; $c := [[$b], [$b]]; $string($c) & $string([$c, $c]))",
    "($x := {'a': 'b'}; [1..N].{'p': $x, 'q': {'r': $x}})",
    "$single([1..N], function($v) { $v = N })",
    "$sift($merge([1..N].{$string($): $}), function($v) { $v % 2 = 0 })",
    "[1..N][$ in [1..N]]",
    "[1..N] = [1..N]",
    "$substring($pad('', N, 'é'), -N, N) & $substringAfter($pad('', N, 'ab'), 'b')",
    "($g := $append(?, T); [1..N] ~> $map($g))",
    "($compose := $map ~> $filter; $compose)",
    "$pad($pad('', N), N, $pad('', N))",
    "$states.**[$ = $states]",
    "$reverse([1..N]) & $lookup([1..N].{'a': $}, 'a')",
];

const NUMBERS: &[&str] = &[
    "3", "17", "30", "100", "500", "1000", "10000", "100000", "873781", "1000000", "9999999",
    "10000001", "2e9", "9e15", "1e18", "9.3e18", "1e300",
];

pub(in super::super) fn bomb(chance: &mut Chance) -> String {
    filled(chance, 0)
}

fn filled(chance: &mut Chance, depth: usize) -> String {
    let template = chance.pick(BOMBS);
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['N', 'T']) {
        let (before, hole) = rest.split_at(at);
        text.push_str(before);
        let (hole, after) = hole.split_at(1);
        rest = after;
        if hole == "N" {
            text.push_str(chance.pick(NUMBERS));
        } else if depth < 2 && chance.one_in(2) {
            text.push_str(&filled(chance, depth + 1));
        } else {
            text.push_str(chance.pick(&["1", "'x'", "[1]", "{'a':1}", "$", "$x", "$v"]));
        }
    }
    text.push_str(rest);
    text
}
