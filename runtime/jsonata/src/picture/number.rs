//! Pictures for numbers: `#,##0.00` and what else `$formatNumber` takes.

use stepwell_value::Object;

use super::regular_repeat;
use crate::error::{Code, Error};
use crate::functions::round_half_even;

/// The characters that mean something in a picture. Options replace them.
struct Symbols {
    decimal: String,
    grouping: String,
    exponent: String,
    minus: String,
    percent: String,
    per_mille: String,
    zero: char,
    digit: String,
    pattern: String,
}

impl Symbols {
    fn new(options: Option<&Object>) -> Self {
        let symbol = |name: &str, default: &str| {
            let given = options.and_then(|options| options.get(name)?.as_str());
            given.unwrap_or(default).to_owned()
        };
        Self {
            decimal: symbol("decimal-separator", "."),
            grouping: symbol("grouping-separator", ","),
            exponent: symbol("exponent-separator", "e"),
            minus: symbol("minus-sign", "-"),
            percent: symbol("percent", "%"),
            per_mille: symbol("per-mille", "\u{2030}"),
            zero: symbol("zero-digit", "0").chars().next().unwrap_or('0'),
            digit: symbol("digit", "#"),
            pattern: symbol("pattern-separator", ";"),
        }
    }

    /// A mandatory digit.
    fn is_family(&self, letter: char) -> bool {
        let zero = u32::from(self.zero);
        (zero..zero + 10).contains(&u32::from(letter))
    }

    fn is_active(&self, letter: char) -> bool {
        self.is_active_edge(letter) || is(letter, &self.exponent)
    }

    /// What ends a prefix or begins a suffix.
    fn is_active_edge(&self, letter: char) -> bool {
        self.is_family(letter)
            || [&self.decimal, &self.grouping, &self.digit, &self.pattern]
                .into_iter()
                .any(|symbol| is(letter, symbol))
    }

    fn is_any_digit(&self, letter: char) -> bool {
        self.is_family(letter) || is(letter, &self.digit)
    }

    fn count(&self, part: &str, is_counted: impl Fn(&Self, char) -> bool) -> usize {
        part.chars().filter(|letter| is_counted(self, *letter)).count()
    }

    fn localised(&self, digits: &str) -> String {
        let zero = u32::from(self.zero);
        let digit = |letter: char| match letter.to_digit(10) {
            Some(value) => char::from_u32(zero + value).unwrap_or(letter),
            None => letter,
        };
        digits.chars().map(digit).collect()
    }
}

/// Whether the letter is all of the symbol.
fn is(letter: char, symbol: &str) -> bool {
    symbol.chars().eq([letter])
}

/// A sub-picture, taken apart.
struct Parts<'p> {
    whole: &'p str,
    prefix: &'p str,
    suffix: &'p str,
    active: &'p str,
    mantissa: &'p str,
    exponent: Option<&'p str>,
    integer: &'p str,
    fraction: &'p str,
}

impl<'p> Parts<'p> {
    fn split(picture: &'p str, symbols: &Symbols) -> Self {
        let is_edge = |letter: char| symbols.is_active_edge(letter);
        let (prefix, active, suffix) = match (picture.find(is_edge), picture.rfind(is_edge)) {
            (Some(start), Some(last)) => {
                let end = last
                    + picture.get(last..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
                let part = |from: usize, to: usize| picture.get(from..to).unwrap_or("");
                (part(0, start), part(start, end), part(end, picture.len()))
            }
            _ => ("", picture, ""),
        };
        let (mantissa, exponent) = match active.split_once(&*symbols.exponent) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (active, None),
        };
        let (integer, fraction) = mantissa.split_once(&*symbols.decimal).unwrap_or((mantissa, ""));
        Self { whole: picture, prefix, suffix, active, mantissa, exponent, integer, fraction }
    }

    /// The last rule that is broken counts.
    fn check(&self, symbols: &Symbols) -> Result<(), Error> {
        let times = |symbol: &str| self.whole.matches(symbol).count();
        let has_scale = times(&symbols.percent) + times(&symbols.per_mille) > 0;
        let is_beside_decimal =
            self.whole.contains(&format!("{}{}", symbols.grouping, symbols.decimal))
                || self.whole.contains(&format!("{}{}", symbols.decimal, symbols.grouping));
        let has_decimal = times(&symbols.decimal) > 0;
        let optional_behind = |part: &str, at: Option<usize>| {
            at.is_some_and(|at| part.get(at..).unwrap_or("").chars().any(|c| symbols.is_family(c)))
        };
        let before_optional = self.integer.find(&*symbols.digit).is_some_and(|at| {
            self.integer.get(..at).unwrap_or("").chars().any(|c| symbols.is_family(c))
        });
        let rules = [
            (times(&symbols.decimal) > 1, Code::D3081),
            (times(&symbols.percent) > 1, Code::D3082),
            (times(&symbols.per_mille) > 1, Code::D3083),
            (times(&symbols.percent) > 0 && times(&symbols.per_mille) > 0, Code::D3084),
            (symbols.count(self.mantissa, Symbols::is_any_digit) == 0, Code::D3085),
            (self.active.chars().any(|c| !symbols.is_active(c)), Code::D3086),
            (has_decimal && is_beside_decimal, Code::D3087),
            (!has_decimal && self.integer.ends_with(&*symbols.grouping), Code::D3088),
            (self.whole.contains(&symbols.grouping.repeat(2)), Code::D3089),
            (before_optional, Code::D3090),
            (optional_behind(self.fraction, self.fraction.rfind(&*symbols.digit)), Code::D3091),
            (self.exponent.is_some() && has_scale, Code::D3092),
            (
                self.exponent
                    .is_some_and(|e| e.is_empty() || e.chars().any(|c| !symbols.is_family(c))),
                Code::D3093,
            ),
        ];
        match rules.into_iter().rev().find(|(is_broken, _)| *is_broken) {
            Some((_, code)) => Err(Error::new(code)),
            None => Ok(()),
        }
    }
}

/// What a sub-picture demands.
struct Layout {
    integer_groups: Vec<usize>,
    fraction_groups: Vec<usize>,
    integer_min: usize,
    fraction_min: usize,
    fraction_max: usize,
    exponent_min: usize,
    scale: usize,
    has_decimal: bool,
}

impl Layout {
    fn of(parts: &Parts<'_>, symbols: &Symbols) -> Self {
        let count =
            |part: &str, is_counted: fn(&Symbols, char) -> bool| symbols.count(part, is_counted);
        let scale = count(parts.integer, Symbols::is_family);
        let mut layout = Self {
            integer_groups: places(parts.integer, symbols, |part, at| part.get(at..)),
            fraction_groups: places(parts.fraction, symbols, |part, at| part.get(..at)),
            integer_min: scale,
            fraction_min: count(parts.fraction, Symbols::is_family),
            fraction_max: count(parts.fraction, Symbols::is_any_digit),
            exponent_min: parts.exponent.map_or(0, |e| count(e, Symbols::is_family)),
            scale,
            has_decimal: parts.whole.contains(&*symbols.decimal),
        };
        let has_exponent = parts.exponent.is_some();
        if layout.integer_min == 0 && layout.fraction_max == 0 {
            if has_exponent {
                (layout.fraction_min, layout.fraction_max) = (1, 1);
            } else {
                layout.integer_min = 1;
            }
        }
        if has_exponent && layout.integer_min == 0 && parts.integer.contains(&*symbols.digit) {
            layout.integer_min = 1;
        }
        if layout.integer_min == 0 && layout.fraction_min == 0 {
            layout.fraction_min = 1;
        }
        layout
    }
}

/// How many digits stand on one side of each separator.
fn places<'p>(
    part: &'p str,
    symbols: &Symbols,
    side: impl Fn(&'p str, usize) -> Option<&'p str>,
) -> Vec<usize> {
    let separators = part.match_indices(&*symbols.grouping);
    separators
        .map(|(at, _)| symbols.count(side(part, at).unwrap_or(""), Symbols::is_any_digit))
        .collect()
}

pub(crate) fn format(
    number: f64,
    picture: &str,
    options: Option<&Object>,
) -> Result<String, Error> {
    let symbols = Symbols::new(options);
    let pictures: Vec<&str> = picture.split(&*symbols.pattern).collect();
    if pictures.len() > 2 {
        return Err(Error::new(Code::D3080));
    }
    let parts: Vec<Parts<'_>> = pictures.iter().map(|p| Parts::split(p, &symbols)).collect();
    parts.iter().try_for_each(|parts| parts.check(&symbols))?;
    let (Some(positive), negative) = (parts.first(), parts.get(1)) else {
        return Ok(String::new());
    };
    let (sign, chosen) = match negative {
        _ if number >= 0.0 => ("", positive),
        Some(negative) => ("", negative),
        None => (&*symbols.minus, positive),
    };
    let layout = Layout::of(chosen, &symbols);
    let scaled = if chosen.whole.contains(&*symbols.percent) {
        number * 100.0
    } else if chosen.whole.contains(&*symbols.per_mille) {
        number * 1000.0
    } else {
        number
    };
    let (mantissa, exponent) = normalised(scaled, &layout);
    let mut text = mantissa_text(mantissa, &layout, &symbols);
    if chosen.exponent.is_some() {
        push_exponent(&mut text, exponent, &layout, &symbols);
    }
    Ok(format!("{sign}{}{text}{}", chosen.prefix, chosen.suffix))
}

/// The mantissa and the decimal exponent that the picture wants.
fn normalised(number: f64, layout: &Layout) -> (f64, i32) {
    let (mut mantissa, mut exponent) = (number.abs(), 0);
    if layout.exponent_min == 0 || mantissa == 0.0 || !mantissa.is_finite() {
        return (mantissa, 0);
    }
    let scale = i32::try_from(layout.scale).unwrap_or(i32::MAX).min(300);
    let (least, most) = (10_f64.powi(scale - 1), 10_f64.powi(scale));
    while mantissa < least {
        mantissa *= 10.0;
        exponent -= 1;
    }
    while mantissa > most {
        mantissa /= 10.0;
        exponent += 1;
    }
    (mantissa, exponent)
}

fn mantissa_text(mantissa: f64, layout: &Layout, symbols: &Symbols) -> String {
    let digits_max = layout.fraction_max.min(100);
    let rounded = round_half_even(mantissa, digits_max);
    let fixed = format!("{:.*}", digits_max, rounded.abs());
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let zeros = |have: usize, want: usize| "0".repeat(want.min(1000).saturating_sub(have));
    let whole = format!("{}{whole}", zeros(whole.len(), layout.integer_min));
    let fraction = format!("{fraction}{}", zeros(fraction.len(), layout.fraction_min));
    let mut text = grouped_integer(&symbols.localised(&whole), layout, symbols);
    if layout.has_decimal && !fraction.is_empty() {
        text.push_str(&symbols.decimal);
        text.push_str(&grouped_fraction(&symbols.localised(&fraction), layout, symbols));
    }
    text
}

fn grouped_integer(digits: &str, layout: &Layout, symbols: &Symbols) -> String {
    let count = digits.chars().count();
    let regular = regular_repeat(&layout.integer_groups);
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        let right = count - nth;
        let is_boundary = if regular > 0 {
            right.is_multiple_of(regular)
        } else {
            layout.integer_groups.contains(&right)
        };
        if nth > 0 && is_boundary {
            out.push_str(&symbols.grouping);
        }
        out.push(digit);
    }
    out
}

fn grouped_fraction(digits: &str, layout: &Layout, symbols: &Symbols) -> String {
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && layout.fraction_groups.contains(&nth) {
            out.push_str(&symbols.grouping);
        }
        out.push(digit);
    }
    out
}

fn push_exponent(text: &mut String, exponent: i32, layout: &Layout, symbols: &Symbols) {
    text.push_str(&symbols.exponent);
    if exponent < 0 {
        text.push_str(&symbols.minus);
    }
    let width = layout.exponent_min.min(1000);
    text.push_str(&symbols.localised(&format!("{:0width$}", exponent.abs())));
}
