//! Escapes inside of strings, resolved.

use crate::plain;

/// Puts a string that the reader has accepted into `out`, its escapes resolved.
pub(super) fn resolve(text: &str, out: &mut String) {
    out.clear();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_at_checked(plain::end(rest.as_bytes(), 0))
        && let Some((kind, tail)) =
            escape.strip_prefix('\\').and_then(|rest| rest.split_at_checked(1))
    {
        out.push_str(before);
        rest = tail;
        match kind {
            "n" => out.push('\n'),
            "r" => out.push('\r'),
            "t" => out.push('\t'),
            "b" => out.push('\u{8}'),
            "f" => out.push('\u{c}'),
            "u" => rest = push_unicode(out, tail),
            quoted => out.push_str(quoted),
        }
    }
    out.push_str(rest);
}

/// Pushes the character whose digits (and whose second half, if it has one) start `tail`; returns
/// what follows.
fn push_unicode<'a>(out: &mut String, tail: &'a str) -> &'a str {
    let (digits, rest) = tail.split_at(4);
    let (first, second) = (unit(digits), rest.strip_prefix("\\u").map(|rest| rest.split_at(4)));
    let (code, rest) = match second {
        Some((digits, rest)) if (0xd800..0xdc00).contains(&first) => {
            (0x1_0000 + ((first - 0xd800) << 10) + (unit(digits) - 0xdc00), rest)
        }
        _ => (first, rest),
    };
    out.push(char::from_u32(code).expect("the reader refuses lone surrogates"));
    rest
}

fn unit(digits: &str) -> u32 {
    u32::from_str_radix(digits, 16).expect("the reader accepts only hexadecimal digits here")
}
