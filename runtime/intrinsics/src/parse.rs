//! The text of a call into functions and arguments.
//!
//! A name is followed by its parenthesis at once; blanks may stand around arguments and around the
//! whole call. A text stands between single quotes and knows four escapes; everything else inside it,
//! line ends and lone braces included, is meant as it stands. How deep calls nest is bounded by how
//! many of them there may be.

use std::borrow::Cow;

use stepwell_jsonpath::Path;
use stepwell_value::Value;

use crate::call::{Argument, Invocation};
use crate::{ARGUMENTS_MAX, FUNCTIONS_MAX, Function, LENGTH_MAX, ParseError, Problem};

use cursor::Cursor;

mod cursor;

pub(crate) fn call(text: &str) -> Result<Invocation, ParseError> {
    if text.len() > LENGTH_MAX {
        return Err(ParseError { offset: LENGTH_MAX, problem: Problem::TooLong });
    }
    let mut parser = Parser { cursor: Cursor::new(text), functions: 0, arguments: 0 };
    parser.cursor.skip_blanks();
    let invocation = parser.invocation()?;
    parser.cursor.skip_blanks();
    match parser.cursor.peek() {
        None => Ok(invocation),
        Some('[') => Err(parser.cursor.error(Problem::Indexed)),
        Some(_) => Err(parser.cursor.error(Problem::Expected("the end of the call"))),
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    functions: usize,
    arguments: usize,
}

impl<'a> Parser<'a> {
    fn invocation(&mut self) -> Result<Invocation, ParseError> {
        let start = self.cursor.offset();
        let function = self.function()?;
        self.functions += 1;
        if self.functions > FUNCTIONS_MAX {
            return Err(ParseError { offset: start, problem: Problem::TooManyFunctions });
        }
        self.cursor.expect('(', "`(` after the name of a function")?;
        let arguments = self.arguments(function)?;
        if !function.arity().contains(&arguments.len()) {
            let problem = Problem::WrongArity { function, found: arguments.len() };
            return Err(ParseError { offset: start, problem });
        }
        Ok(Invocation { function, arguments })
    }

    fn function(&mut self) -> Result<Function, ParseError> {
        let offset = self.cursor.offset();
        let name = self.cursor.take_while(is_name_character);
        if name.is_empty() {
            let expected = "a function such as `States.Format`";
            return Err(self.cursor.error(Problem::Expected(expected)));
        }
        Function::find(name).ok_or_else(|| {
            let like = Function::like(name);
            let problem = Problem::UnknownFunction { name: name.to_owned(), like };
            ParseError { offset, problem }
        })
    }

    /// Up to and with the closing parenthesis.
    fn arguments(&mut self, function: Function) -> Result<Vec<Argument>, ParseError> {
        let mut arguments = Vec::new();
        self.cursor.skip_blanks();
        if self.cursor.eat(')') {
            return Ok(arguments);
        }
        loop {
            self.arguments += 1;
            if self.arguments > ARGUMENTS_MAX {
                return Err(self.cursor.error(Problem::TooManyArguments));
            }
            self.cursor.skip_blanks();
            let is_template = function == Function::Format && arguments.is_empty();
            arguments.push(self.argument(is_template)?);
            self.cursor.skip_blanks();
            if self.cursor.eat(')') {
                return Ok(arguments);
            }
            self.cursor.expect(',', "`,` or `)` after an argument")?;
        }
    }

    /// The text of a template keeps its escapes, because `{}` and `\{}` mean different things to
    /// `States.Format`.
    fn argument(&mut self, is_template: bool) -> Result<Argument, ParseError> {
        match self.cursor.peek() {
            Some('\'') => {
                let escaped = self.quoted()?;
                let text = if is_template { Cow::Borrowed(escaped) } else { unescaped(escaped) };
                Ok(Argument::Literal(Value::from(&*text)))
            }
            Some('$') => self.path().map(Argument::Path),
            Some('0'..='9' | '-') => self.number().map(Argument::Literal),
            Some(_) if self.cursor.eat_word("true") => Ok(Argument::Literal(true.into())),
            Some(_) if self.cursor.eat_word("false") => Ok(Argument::Literal(false.into())),
            Some(_) if self.cursor.eat_word("null") => Ok(Argument::Literal(Value::Null)),
            Some(letter) if is_name_character(letter) => {
                self.invocation().map(Argument::Invocation)
            }
            Some(_) | None => {
                let expected = "a text in single quotes, a number, `true`, `false`, `null`, a path \
                                or a function";
                Err(self.cursor.error(Problem::Expected(expected)))
            }
        }
    }

    /// What stands between the quotes, with its escapes checked.
    fn quoted(&mut self) -> Result<&'a str, ParseError> {
        self.cursor.expect('\'', "a text in single quotes")?;
        let start = self.cursor.offset();
        loop {
            self.cursor.take_while(|letter| letter != '\'' && letter != '\\');
            let end = self.cursor.offset();
            if self.cursor.eat('\'') {
                return Ok(self.cursor.between(start, end));
            }
            if !self.cursor.eat('\\') {
                return Err(self.cursor.error(Problem::Expected("the quote that ends the text")));
            }
            if !['\'', '{', '}', '\\'].into_iter().any(|letter| self.cursor.eat(letter)) {
                return Err(ParseError { offset: end, problem: Problem::Escape });
            }
        }
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let offset = self.cursor.offset();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        match Value::parse(self.cursor.take_while(is_part)) {
            Ok(number @ (Value::Int(_) | Value::Float(_))) => Ok(number),
            Ok(_) | Err(_) => Err(ParseError { offset, problem: Problem::Number }),
        }
    }

    /// A path ends at a comma, a parenthesis or a blank that is not inside brackets.
    ///
    /// Names without quotes are those of RFC 9535: letters, digits, `_` and whatever is not ASCII.
    fn path(&mut self) -> Result<Path, ParseError> {
        let start = self.cursor.offset();
        while let Some(letter) = self.cursor.peek() {
            match letter {
                ',' | ')' | ' ' | '\t' | '\n' | '\r' => break,
                '[' => self.cursor.skip_brackets()?,
                '$' | '.' | '*' | '_' => _ = self.cursor.eat(letter),
                _ if letter.is_ascii_alphanumeric() || !letter.is_ascii() => {
                    _ = self.cursor.eat(letter);
                }
                _ => return Err(self.cursor.error(Problem::NameCharacter(letter))),
            }
        }
        let text = self.cursor.between(start, self.cursor.offset());
        Path::parse(text).map_err(|mut error| {
            error.offset += start;
            ParseError { offset: error.offset, problem: Problem::Path(error) }
        })
    }
}

fn is_name_character(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '.' || letter == '_'
}

/// A text whose escapes have been checked, without their backslashes.
fn unescaped(escaped: &str) -> Cow<'_, str> {
    if !escaped.contains('\\') {
        return Cow::Borrowed(escaped);
    }
    let mut text = String::with_capacity(escaped.len());
    let mut letters = escaped.chars();
    while let Some(letter) = letters.next() {
        text.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests;
