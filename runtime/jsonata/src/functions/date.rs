//! Moments, as milliseconds since 1970 and as texts.

use super::Args;
use crate::error::{Code, Error};
use crate::evaluator::Evaluator;
use crate::number::from_f64;
use crate::picture::date;
use crate::sequence::Out;

type Eval<'x, 'a, 'e> = &'x mut Evaluator<'a, 'e>;

/// A picture takes longer than a step, for it is taken apart each time.
const PICTURE_STEPS: usize = 50;

pub(super) fn to_millis(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(text) = args.text(0) else { return Ok(Out::UNDEFINED) };
    evaluator.spend(PICTURE_STEPS)?;
    let Some(picture) = args.text(1) else {
        return match date::read_iso(&text) {
            Some(millis) => Ok(Out::from(millis)),
            None => Err(Error::new(Code::D3110).value(text)),
        };
    };
    let read = date::read(&text, &picture, evaluator.env.now_millis)?;
    Ok(read.map_or(Out::UNDEFINED, |millis| Out::from(from_f64(millis))))
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and is clamped to the calendar")]
pub(super) fn from_millis(evaluator: Eval<'_, '_, '_>, mut args: Args) -> Result<Out, Error> {
    let Some(millis) = args.f64(0) else { return Ok(Out::UNDEFINED) };
    written(evaluator, millis as i64, args, 1)
}

pub(super) fn now(evaluator: Eval<'_, '_, '_>, args: Args) -> Result<Out, Error> {
    let now = evaluator.env.now_millis;
    written(evaluator, now, args, 0)
}

/// Writes a moment by the picture and the time zone that stand from an argument on.
fn written(
    evaluator: Eval<'_, '_, '_>,
    millis: i64,
    mut args: Args,
    from: usize,
) -> Result<Out, Error> {
    evaluator.spend(PICTURE_STEPS)?;
    let (picture, zone) = (args.text(from), args.text(from + 1));
    let text = match picture {
        Some(picture) => date::format(millis, &picture, zone.as_deref())?,
        None => date::format(millis, date::ISO, zone.as_deref())?,
    };
    evaluator.charge_text(text.len())?;
    Ok(Out::from(text))
}

pub(super) fn millis(evaluator: Eval<'_, '_, '_>, _: Args) -> Result<Out, Error> {
    Ok(Out::from(evaluator.env.now_millis))
}
