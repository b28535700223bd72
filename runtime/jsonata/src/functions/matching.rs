//! `$match`, `$contains`, `$split` and `$replace`, with texts, regular expressions and functions
//! that behave like one.

use stepwell_value::{Object, Str, Value};

use super::Args;
use super::string::{byte_at, utf16_len};
use crate::callable;
use crate::error::{Code, Error};
use crate::evaluator::{Evaluator, Function, numeric};
use crate::number::from_count;
use crate::regex::Regex;
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// A match, whoever found it.
struct Found {
    text: Str,
    /// In UTF-16 units.
    start: Value,
    /// In bytes.
    from: usize,
    to: usize,
    groups: Vec<Value>,
}

/// Where the next match comes from.
enum Matches<'a> {
    Regex { regex: &'a Regex, text: Str, at: Option<usize>, units: (usize, usize) },
    Function { text: Str, next: Option<Value>, is_first: bool },
}

impl<'a> Matches<'a> {
    fn new(evaluator: &Evaluator<'a, '_>, text: &Str, matcher: Value) -> Self {
        match evaluator.regex(&matcher) {
            Some(regex) => {
                Self::Regex { regex, text: Str::clone(text), at: Some(0), units: (0, 0) }
            }
            None => Self::Function { text: Str::clone(text), next: Some(matcher), is_first: true },
        }
    }

    fn next(&mut self, evaluator: &mut Evaluator<'a, '_>) -> Result<Option<Found>, Error> {
        evaluator.spend(1)?;
        match self {
            Self::Regex { regex, text, at, units } => {
                let Some(from) = *at else { return Ok(None) };
                evaluator.spend((text.len() - from) / 256)?;
                let Some(found) = regex.find_from(text, from)? else { return Ok(None) };
                if found.start == found.end {
                    return Err(Error::new(Code::D1004));
                }
                *at = (found.end < text.len()).then_some(found.end);
                // Counted on from the last match, so that all matches take one walk.
                let passed = text.get(units.0..found.start).unwrap_or("");
                *units = (found.start, units.1 + utf16_len(passed));
                let group = |group: Option<Str>| group.map_or(Value::Null, Value::String);
                Ok(Some(Found {
                    text: text.get(found.start..found.end).unwrap_or("").into(),
                    start: from_count(units.1),
                    from: found.start,
                    to: found.end,
                    groups: found.groups.into_iter().map(group).collect(),
                }))
            }
            Self::Function { text, next, is_first } => {
                let Some(function) = next.take() else { return Ok(None) };
                let arguments = if std::mem::take(is_first) {
                    vec![Out::from(Str::clone(text))]
                } else {
                    Vec::new()
                };
                let Some(result) = evaluator.invoke(&function, arguments)?.value else {
                    return Ok(None);
                };
                let (found, following) = read_match(text, &result)?;
                *next = following;
                Ok(Some(found))
            }
        }
    }
}

/// Reads what a matcher function returned.
fn read_match(text: &str, result: &Value) -> Result<(Found, Option<Value>), Error> {
    let member = |name: &str| result.get(name);
    let start = member("start").and_then(numeric);
    let end = member("end").and_then(numeric);
    let groups = member("groups").and_then(Value::as_array);
    let next = member("next").filter(|next| callable::is_function(next));
    if start.is_none() && end.is_none() && groups.is_none() && next.is_none() {
        return Err(Error::new(Code::T1010));
    }
    let byte = |units: Option<f64>| byte_at(text, units.map_or(0, to_count));
    let (from, to) = (byte(start), byte(end));
    let found = Found {
        text: member("match").and_then(Value::as_str).unwrap_or("").into(),
        start: member("start").cloned().unwrap_or_default(),
        from,
        to: to.max(from),
        groups: groups.map(<[Value]>::to_vec).unwrap_or_default(),
    };
    Ok((found, next.cloned()))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn to_count(number: f64) -> usize {
    number as usize
}

impl<'a> Evaluator<'a, '_> {
    /// What a regular expression returns when it is called like a function.
    pub(crate) fn match_from(
        &mut self,
        regex: &'a Regex,
        text: &Out,
        from: usize,
    ) -> Result<Out, Error> {
        let Some(Value::String(text)) = &text.value else { return Ok(Out::UNDEFINED) };
        let Some(found) = regex.find_from(text, from)? else { return Ok(Out::UNDEFINED) };
        if found.start == found.end {
            return Err(Error::new(Code::D1004));
        }
        let before = text.get(..found.start).unwrap_or("");
        let matched = text.get(found.start..found.end).unwrap_or("");
        let start = utf16_len(before);
        let groups = found.groups.into_iter().map(|g| g.map_or(Value::Null, Value::String));
        let mut object = Object::new();
        object.insert("match", matched);
        object.insert("start", from_count(start));
        object.insert("end", from_count(start + utf16_len(matched)));
        object.insert("groups", groups.collect::<Vec<_>>());
        let next = Function::NextMatch { regex, text: Str::clone(text), from: found.end };
        object.insert("next", self.function(next)?.value.unwrap_or_default());
        Ok(Out::from(object))
    }
}

pub(super) fn match_all(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(text), Some(matcher)) = (args.text(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    let limit = limit(args.f64(2), Code::D3040)?;
    let mut matches = Matches::new(evaluator, &text, matcher);
    let mut all = Vec::new();
    while all.len() < limit
        && let Some(found) = matches.next(evaluator)?
    {
        evaluator.charge_members(4 + found.groups.len())?;
        let mut object = Object::new();
        object.insert("match", found.text);
        object.insert("index", found.start);
        object.insert("groups", found.groups);
        all.push(object.into());
    }
    Ok(Out::sequence(all))
}

/// How often at most; less than nothing is refused.
fn limit(limit: Option<f64>, code: Code) -> Result<usize, Error> {
    match limit {
        None => Ok(usize::MAX),
        Some(limit) if limit < 0.0 => {
            let index = if code == Code::D3011 { 4 } else { 3 };
            Err(Error::new(code).value(crate::number::from_f64(limit)).argument(index))
        }
        Some(limit) => Ok(to_count(limit.ceil())),
    }
}

pub(super) fn contains(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(text), Some(token)) = (args.text(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    evaluator.spend(text.len() / 256)?;
    Ok(Out::from(match &token {
        Value::String(token) => text.contains(&**token),
        function => match evaluator.regex(function) {
            Some(regex) => regex.is_match(&text)?,
            None => Matches::new(evaluator, &text, token).next(evaluator)?.is_some(),
        },
    }))
}

pub(super) fn split(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    let Some(separator) = args.value(1) else { return Err(Error::new(Code::T1010)) };
    let limit = limit(args.f64(2).map(f64::floor), Code::D3020)?;
    evaluator.spend(text.len() / 64)?;
    let mut parts: Vec<Value> = Vec::new();
    match &separator {
        Value::String(separator) if separator.is_empty() => {
            evaluator.charge_members(text.chars().take(limit).count())?;
            parts.extend(text.chars().take(limit).map(|letter| Value::from(letter.to_string())));
        }
        Value::String(separator) => {
            evaluator.charge_members(text.split(&**separator).take(limit).count())?;
            parts.extend(text.split(&**separator).take(limit).map(Value::from));
        }
        _ => split_by_matches(evaluator, &text, separator, limit, &mut parts)?,
    }
    evaluator.charge_text(text.len())?;
    Ok(Out::from(parts))
}

fn split_by_matches(
    evaluator: Eval<'_, '_, '_>,
    text: &Str,
    matcher: Value,
    limit: usize,
    parts: &mut Vec<Value>,
) -> Result<(), Error> {
    let mut matches = Matches::new(evaluator, text, matcher);
    let mut start = 0;
    while parts.len() < limit {
        let found = matches.next(evaluator)?;
        evaluator.charge_members(1)?;
        let end = found.as_ref().map_or(text.len(), |found| found.from);
        parts.push(text.get(start..end).unwrap_or("").into());
        match found {
            Some(found) => start = found.to,
            None => break,
        }
    }
    Ok(())
}

pub(super) fn replace(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let (Some(text), Some(pattern)) = (args.text(0), args.value(1)) else {
        return Ok(Out::UNDEFINED);
    };
    if pattern.as_str() == Some("") {
        return Err(Error::new(Code::D3010).value(pattern).argument(2));
    }
    // What is missing is no function, which is noticed when it is called.
    let replacement = args.value(2).unwrap_or_default();
    let limit = limit(args.f64(3), Code::D3011)?;
    evaluator.spend(text.len() / 64)?;
    let mut out = String::new();
    let mut start = 0;
    if let (Value::String(pattern), Value::String(replacement)) = (&pattern, &replacement) {
        // Both are plain texts, and `$` means nothing in them.
        let count = text.matches(&**pattern).take(limit).count();
        let length = text.len().saturating_add(count.saturating_mul(replacement.len()));
        evaluator.charge_text(length)?;
        return Ok(Out::from(text.replacen(&**pattern, replacement, limit)));
    }
    let mut matches = match &pattern {
        Value::String(pattern) => Finder::Text(Str::clone(pattern)),
        _ => Finder::Matches(Matches::new(evaluator, &text, pattern.clone())),
    };
    let mut count = 0;
    while count < limit
        && let Some(found) = matches.next(evaluator, &text, start)?
    {
        out.push_str(text.get(start..found.from).unwrap_or(""));
        let put = replacement_of(evaluator, &replacement, &found)?;
        evaluator.charge_text(put.len() + found.from.saturating_sub(start))?;
        out.push_str(&put);
        start = found.to;
        count += 1;
    }
    out.push_str(text.get(start..).unwrap_or(""));
    Ok(Out::from(out))
}

enum Finder<'a> {
    Text(Str),
    Matches(Matches<'a>),
}

impl<'a> Finder<'a> {
    fn next(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        text: &str,
        start: usize,
    ) -> Result<Option<Found>, Error> {
        match self {
            Self::Matches(matches) => matches.next(evaluator),
            Self::Text(pattern) => {
                let at = text.get(start..).and_then(|rest| rest.find(&**pattern));
                Ok(at.map(|at| Found {
                    text: Str::clone(pattern),
                    start: from_count(utf16_len(text.get(..start + at).unwrap_or(""))),
                    from: start + at,
                    to: start + at + pattern.len(),
                    groups: Vec::new(),
                }))
            }
        }
    }
}

fn replacement_of(
    evaluator: Eval<'_, '_, '_>,
    replacement: &Value,
    found: &Found,
) -> Result<Str, Error> {
    if let Value::String(template) = replacement {
        return Ok(expand(template, found).into());
    }
    let mut object = Object::new();
    object.insert("match", Str::clone(&found.text));
    object.insert("start", found.start.clone());
    let end = found.start.as_int().unwrap_or(0)
        + from_count(utf16_len(&found.text)).as_int().unwrap_or(0);
    object.insert("end", end);
    object.insert("groups", found.groups.clone());
    match evaluator.invoke(replacement, vec![Out::from(object)])?.value {
        Some(Value::String(text)) => Ok(text),
        other => Err(Error::new(Code::D3012).found(other)),
    }
}

/// Fills in `$0` for the match, `$n` for a group and `$$` for a dollar. A number that is greater
/// than the number of groups loses digits until it names one.
fn expand(template: &str, found: &Found) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('0') {
            out.push_str(&found.text);
            rest = after;
        } else {
            rest = expand_group(&mut out, rest, &found.groups);
        }
    }
    out.push_str(rest);
    out
}

/// Writes the group that the digits name; returns what follows them.
fn expand_group<'t>(out: &mut String, rest: &'t str, groups: &[Value]) -> &'t str {
    let most = if groups.is_empty() { 1 } else { groups.len().to_string().len() };
    let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = |length: usize| rest.get(..length).and_then(|text| text.parse::<usize>().ok());
    let Some(mut index) = number(digits) else {
        out.push('$');
        return rest;
    };
    let mut length = digits;
    if most > 1 && index > groups.len() {
        length = digits - 1;
        index = number(length).unwrap_or(0);
    }
    if let Some(group) = index.checked_sub(1).and_then(|at| groups.get(at)) {
        out.push_str(group.as_str().unwrap_or(""));
    }
    rest.get(length..).unwrap_or("")
}
