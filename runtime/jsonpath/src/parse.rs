//! The text of a path into steps.
//!
//! The grammar is lenient where the dialect is: a dot may stand before a bracket, a trailing dot
//! means nothing, a dot name is anything up to the next dot, bracket or blank, and the step width of
//! a slice is read and ignored. Inside brackets a name stands between single quotes, and there is no
//! escape: it ends at the next quote.

use stepwell_value::Str;

use crate::path::Root;
use crate::step::Step;
use crate::{ParseError, Problem};

use cursor::Cursor;

mod cursor;
mod filter;

/// How long the text of a path may be, in bytes.
pub const LENGTH_MAX: usize = 8192;

/// How many steps a path may have. Reading recurses this deep at most.
pub const STEPS_MAX: usize = 256;

/// Blanks around the path do not count.
pub(crate) fn path(text: &str) -> Result<(Root, Vec<Step>), ParseError> {
    if text.len() > LENGTH_MAX {
        let offset = text.floor_char_boundary(LENGTH_MAX);
        return Err(ParseError { offset, problem: Problem::TooLong });
    }
    let mut cursor = Cursor::over_trimmed(text);
    let root = root(&mut cursor)?;
    let steps = steps(&mut cursor)?;
    Ok((root, steps))
}

fn root(cursor: &mut Cursor<'_>) -> Result<Root, ParseError> {
    cursor.expect('$', "`$`")?;
    if cursor.eat('$') {
        return Ok(Root::Context);
    }
    let name = cursor.take_while(|c| c.is_alphanumeric() || c == '_');
    Ok(if name.is_empty() { Root::Input } else { Root::Variable(name.into()) })
}

/// Everything behind the root, to the end.
fn steps(cursor: &mut Cursor<'_>) -> Result<Vec<Step>, ParseError> {
    let mut steps = Vec::new();
    while let Some(next) = cursor.peek() {
        if steps.len() == STEPS_MAX {
            return Err(cursor.error(Problem::TooManySteps));
        }
        match next {
            '.' => {
                cursor.eat('.');
                steps.extend(after_dot(cursor, steps.last())?);
            }
            '[' => steps.push(bracket(cursor)?),
            ' ' => return Err(cursor.error(Problem::Blank)),
            _ if matches!(steps.last(), Some(Step::Scan)) => steps.extend(name(cursor)),
            _ => return Err(cursor.error(Problem::Expected("`.` or `[`"))),
        }
    }
    match steps.last() {
        Some(Step::Scan) => Err(cursor.error(Problem::EndsWithScan)),
        _ => Ok(steps),
    }
}

/// A second dot, a name or a wildcard; none where a bracket or the end follows.
fn after_dot(cursor: &mut Cursor<'_>, last: Option<&Step>) -> Result<Option<Step>, ParseError> {
    if cursor.peek() == Some('.') {
        if matches!(last, Some(Step::Scan)) {
            return Err(cursor.error(Problem::Expected("a name or `[` after `..`")));
        }
        cursor.eat('.');
        return Ok(Some(Step::Scan));
    }
    Ok(name(cursor))
}

/// A name without quotes, or `*`.
fn name(cursor: &mut Cursor<'_>) -> Option<Step> {
    match cursor.take_while(|c| !matches!(c, '.' | '[' | ' ')) {
        "" => None,
        "*" => Some(Step::Wildcard),
        name => Some(Step::Name(name.into())),
    }
}

fn bracket(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    if cursor.eat_text("[*]") {
        return Ok(Step::Wildcard);
    }
    cursor.expect('[', "`[`")?;
    cursor.skip_blanks();
    let step = match cursor.peek() {
        Some('\'') => names(cursor)?,
        Some('?') => return filter::bracket(cursor),
        Some('(' | '@') => from_end(cursor)?,
        Some('0'..='9' | '-' | ':') => indexes(cursor)?,
        _ => {
            let expected = "`*`, `?`, `(@.length-n)`, an index or a name in single quotes";
            return Err(cursor.error(Problem::Expected(expected)));
        }
    };
    cursor.skip_blanks();
    cursor.expect(']', "`]`")?;
    Ok(step)
}

fn names(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let mut names: Vec<Str> = Vec::new();
    loop {
        cursor.skip_blanks();
        cursor.expect('\'', "a name in single quotes")?;
        names.push(cursor.take_while(|c| c != '\'').into());
        cursor.expect('\'', "the quote that ends the name")?;
        cursor.skip_blanks();
        if !cursor.eat(',') {
            break;
        }
    }
    Ok(match <[Str; 1]>::try_from(names) {
        Ok([name]) => Step::Name(name),
        Err(names) => Step::Names(names.into()),
    })
}

/// `(@.length-1)` or `(@.size()-1)`.
fn from_end(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let parenthesis = cursor.eat('(');
    cursor.skip_blanks();
    cursor.expect('@', "`@`")?;
    cursor.expect('.', "`.length` or `.size()`")?;
    if !["length", "size"].iter().any(|function| cursor.eat_text(function)) {
        return Err(cursor.error(Problem::Expected("`length` or `size()`")));
    }
    cursor.eat_text("()");
    cursor.skip_blanks();
    let offset = if cursor.peek() == Some('-') { integer(cursor)? } else { None };
    let offset = offset.ok_or_else(|| cursor.error(Problem::Expected("`-` and a number")))?;
    cursor.skip_blanks();
    if parenthesis {
        cursor.expect(')', "`)`")?;
    }
    Ok(Step::FromEnd(offset))
}

/// An index, several of them, or a slice.
fn indexes(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let Some(first) = integer(cursor)? else {
        cursor.expect(':', "an index or a slice")?;
        let to = integer(cursor)?;
        let to = to.ok_or_else(|| cursor.error(Problem::Expected("the end of the slice")))?;
        skip_slice_width(cursor)?;
        return Ok(Step::SliceTo(to));
    };
    if cursor.eat(':') {
        let to = integer(cursor)?;
        skip_slice_width(cursor)?;
        return Ok(to.map_or(Step::SliceFrom(first), |to| Step::Slice(first, to)));
    }
    let mut indexes = vec![first];
    while cursor.eat(',') {
        let next = integer(cursor)?;
        indexes.push(next.ok_or_else(|| cursor.error(Problem::Expected("an index")))?);
    }
    Ok(if indexes.len() == 1 { Step::Index(first) } else { Step::Indexes(indexes.into()) })
}

/// `:2` at the end of a slice has no effect in this dialect.
fn skip_slice_width(cursor: &mut Cursor<'_>) -> Result<(), ParseError> {
    if cursor.eat(':') {
        integer(cursor)?;
    }
    Ok(())
}

/// A decimal number with blanks around it, if there is one.
fn integer(cursor: &mut Cursor<'_>) -> Result<Option<i32>, ParseError> {
    cursor.skip_blanks();
    let start = cursor.offset();
    let sign = if cursor.eat('-') {
        cursor.skip_blanks();
        -1
    } else {
        1
    };
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    if digits.is_empty() {
        return if sign < 0 { Err(cursor.error(Problem::Expected("a digit"))) } else { Ok(None) };
    }
    let number = digits.parse::<i64>().ok().and_then(|number| i32::try_from(sign * number).ok());
    let problem = Problem::IndexTooLarge;
    let number = number.ok_or(ParseError { offset: start, problem })?;
    cursor.skip_blanks();
    Ok(Some(number))
}

#[cfg(test)]
mod tests;
