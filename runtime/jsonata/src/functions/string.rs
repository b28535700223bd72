//! Texts: making them, cutting them, joining them.

use std::borrow::Cow;

use stepwell_value::{Str, Value};

use super::Args;
use crate::callable;
use crate::error::{Code, Error};
use crate::evaluator::Evaluator;
use crate::number::{self, Layout};
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// The text of a value, as `&` and `$string` have it.
pub(crate) fn text_of(evaluator: Eval<'_, '_, '_>, value: &Out) -> Result<Str, Error> {
    match &value.value {
        None => Ok("".into()),
        Some(Value::String(text)) => Ok(Str::clone(text)),
        Some(value) => rendered(evaluator, value, Layout::Rounded).map(Str::from),
    }
}

fn rendered(evaluator: Eval<'_, '_, '_>, value: &Value, layout: Layout) -> Result<String, Error> {
    evaluator.check_unfolded(value)?;
    if callable::is_function(value) {
        return Ok(String::new());
    }
    if matches!(value, Value::Float(number) if !number.is_finite()) {
        return Err(Error::new(Code::D3001).value(value.clone()));
    }
    check_finite(value)?;
    let mut text = String::new();
    number::write_json(&mut text, value, layout);
    Ok(text)
}

fn check_finite(value: &Value) -> Result<(), Error> {
    match value {
        Value::Float(number) if !number.is_finite() && !callable::is_function(value) => {
            Err(Error::new(Code::D1001).value(value.clone()))
        }
        Value::Array(items) => items.iter().try_for_each(check_finite),
        Value::Object(members) => members.values().try_for_each(check_finite),
        _ => Ok(()),
    }
}

pub(super) fn string(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let value = args.value(0);
    let is_pretty = args.value(1).is_some_and(|flag| flag == Value::Bool(true));
    let text = match value {
        None => return Ok(Out::UNDEFINED),
        Some(Value::String(text)) => return Ok(Out::from(text)),
        Some(value) => {
            let layout = if is_pretty { Layout::Indented(0) } else { Layout::Rounded };
            rendered(evaluator, &value, layout)?
        }
    };
    evaluator.charge_text(text.len())?;
    evaluator.spend(text.len() / 16)?;
    Ok(Out::from(text))
}

pub(super) fn length(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.spend(text.len() / 64)?;
    Ok(Out::from(number::from_count(text.chars().count())))
}

/// A part of the text, counted in characters as `Array.slice` counts members.
#[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2 to the power of 53")]
pub(super) fn substring(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    let (start, length) = (args.f64(1), args.f64(2));
    let Some(start) = start else {
        // From nowhere on, there is nothing of any length.
        return Ok(if length.is_some() { Out::from("") } else { Out::from(text) });
    };
    evaluator.spend(text.len() / 64)?;
    let count = text.chars().count();
    let start = if count as f64 + start < 0.0 { 0.0 } else { start };
    let end = match length {
        None => count as f64,
        Some(length) if length <= 0.0 => return Ok(Out::from("")),
        Some(length) if start >= 0.0 => start + length,
        Some(length) => count as f64 + start + length,
    };
    let (from, to) = (slice_bound(start, count), slice_bound(end, count));
    let part: String = text.chars().skip(from).take(to.saturating_sub(from)).collect();
    evaluator.charge_text(part.len())?;
    Ok(Out::from(part))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped to the text"
)]
fn slice_bound(bound: f64, count: usize) -> usize {
    let bound = bound.trunc();
    let bound = if bound < 0.0 { bound + count as f64 } else { bound };
    bound.clamp(0.0, count as f64) as usize
}

pub(super) fn substring_before(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    Ok(cut(&mut args, |text, at, _| text.get(..at)))
}

pub(super) fn substring_after(_: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    Ok(cut(&mut args, |text, at, length| text.get(at + length..)))
}

/// The part of a text beside another one in it, or all of it.
fn cut(args: &mut Args, part: impl Fn(&str, usize, usize) -> Option<&str>) -> Out {
    let Some(text) = args.text(0) else { return Out::UNDEFINED };
    let Some(mark) = args.text(1) else { return Out::from(text) };
    match text.find(&*mark).and_then(|at| part(&text, at, mark.len())) {
        Some(part) => Out::from(part),
        None => Out::from(text),
    }
}

pub(super) fn lowercase(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len())?;
    Ok(Out::from(text.to_lowercase()))
}

pub(super) fn uppercase(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len())?;
    Ok(Out::from(text.to_uppercase()))
}

/// Without blanks around it, and with single blanks within it.
pub(super) fn trim(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.charge_text(text.len())?;
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    Ok(Out::from(words.collect::<Vec<_>>().join(" ")))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
pub(super) fn pad(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    let width = args.f64(1).unwrap_or(0.0);
    let filler = args.text(2).filter(|filler| !filler.is_empty()).unwrap_or_else(|| " ".into());
    let missing = (width.abs() as usize).saturating_sub(text.chars().count());
    if missing == 0 {
        return Ok(Out::from(text));
    }
    evaluator.spend(missing / 16)?;
    evaluator.charge_text(text.len().saturating_add(missing.saturating_mul(filler.len())))?;
    let mut padding: String = filler.chars().cycle().take(missing).collect();
    if width > 0.0 {
        padding.insert_str(0, &text);
    } else {
        padding.push_str(&text);
    }
    Ok(Out::from(padding))
}

pub(super) fn join(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(items) = args.items(0) else { return Ok(Out::UNDEFINED) };
    let separator = args.text(1).unwrap_or_default();
    let parts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    let length: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
    evaluator.spend(parts.len())?;
    evaluator.charge_text(length)?;
    Ok(Out::from(parts.join(&separator)))
}

/// The place of a byte in UTF-16 units, which is how `JSONata` counts matches.
pub(super) fn utf16_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The byte at which that many UTF-16 units have passed.
pub(super) fn byte_at(text: &str, units: usize) -> usize {
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut passed = 0;
    for (at, letter) in text.char_indices() {
        if passed >= units {
            return at;
        }
        passed += letter.len_utf16();
    }
    text.len()
}

/// A text that is mostly used as it is.
pub(super) fn owned(text: Cow<'_, str>) -> Out {
    Out::from(text.into_owned())
}
