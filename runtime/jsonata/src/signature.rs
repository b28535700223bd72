//! What a function's arguments must look like: `<s-nn?:s>` and its kind.
//!
//! Every argument has a one-letter symbol for its type. A signature is a sequence of parameters,
//! each of which takes a number of symbols out of a set. Finding which argument belongs to which
//! parameter is a small backtracking match, greedy from left to right.

use std::sync::Arc;

use stepwell_value::Value;

use crate::callable;
use crate::error::{Code, Error};
use crate::sequence::Out;

/// The parameters; results are not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parameter {
    /// The symbols it takes, `m` for a missing value included.
    symbols: String,
    repeat: Repeat,
    /// `-`: where no argument is left, the context is taken.
    takes_context: bool,
    /// Declared as `a`: a single value becomes an array of one.
    is_array: bool,
    /// What the array's members must be.
    member: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Repeat {
    #[default]
    Once,
    AtMostOnce,
    AtLeastOnce,
}

impl Signature {
    /// Reads `<...>`; what is wrong comes with its place in the text.
    pub(crate) fn parse(text: &str) -> Result<Self, (Code, usize)> {
        let letters: Vec<char> = text.chars().collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut at = 1;
        while let Some(letter) = letters.get(at).filter(|letter| **letter != ':') {
            let mut last = parameters.pop().unwrap_or_default();
            let new = match letter {
                's' | 'n' | 'b' | 'l' | 'o' => Some(Parameter::of(&format!("{letter}m"))),
                'a' => Some(Parameter { is_array: true, ..Parameter::of("asnblfom") }),
                'f' => Some(Parameter::of("f")),
                'j' => Some(Parameter::of("asnblom")),
                'x' => Some(Parameter::of("asnblfom")),
                '(' => {
                    let end = closing(&letters, at, '(', ')');
                    let choice: String =
                        letters.get(at + 1..end).unwrap_or_default().iter().collect();
                    if choice.contains('<') {
                        return Err((Code::S0402, at));
                    }
                    at = end;
                    Some(Parameter::of(&format!("{choice}m")))
                }
                '<' => {
                    if !last.is_array && last.symbols != "f" {
                        return Err((Code::S0401, at));
                    }
                    let end = closing(&letters, at, '<', '>');
                    last.member = letters.get(at + 1..end).map(|inner| inner.iter().collect());
                    at = end;
                    None
                }
                '-' => {
                    last.takes_context = true;
                    last.repeat = Repeat::AtMostOnce;
                    None
                }
                '?' => {
                    last.repeat = Repeat::AtMostOnce;
                    None
                }
                '+' => {
                    last.repeat = Repeat::AtLeastOnce;
                    None
                }
                _ => None,
            };
            if !last.symbols.is_empty() {
                parameters.push(last);
            }
            parameters.extend(new);
            at += 1;
        }
        Ok(Self { parameters })
    }

    /// Puts the arguments into their places, taking the context where one is left out.
    pub(crate) fn arrange(&self, arguments: Vec<Out>, context: &Out) -> Result<Vec<Out>, Error> {
        if self.fits_in_order(&arguments) {
            self.accept_in_order(arguments)
        } else {
            self.match_up(arguments, context)
        }
    }

    /// Whether each argument fits the parameter at its place and none takes the context: then the
    /// match would find nothing else, and most calls are like that.
    fn fits_in_order(&self, arguments: &[Out]) -> bool {
        let Some((given, left_out)) = self.parameters.split_at_checked(arguments.len()) else {
            return false;
        };
        given.iter().zip(arguments).all(|(parameter, argument)| {
            parameter.repeat != Repeat::AtLeastOnce && parameter.takes(symbol_of(argument))
        }) && left_out
            .iter()
            .all(|parameter| parameter.repeat == Repeat::AtMostOnce && !parameter.takes_context)
    }

    fn accept_in_order(&self, mut arguments: Vec<Out>) -> Result<Vec<Out>, Error> {
        for (index, (parameter, argument)) in (1..).zip(self.parameters.iter().zip(&mut arguments))
        {
            *argument = parameter.accept(std::mem::take(argument), index)?;
        }
        arguments.resize_with(self.parameters.len(), Out::default);
        Ok(arguments)
    }

    fn match_up(&self, arguments: Vec<Out>, context: &Out) -> Result<Vec<Out>, Error> {
        let symbols: Vec<char> = arguments.iter().map(symbol_of).collect();
        let mut counts = Vec::with_capacity(self.parameters.len());
        if !assign(&self.parameters, &symbols, Whole::Yes, &mut counts) {
            return Err(self.mismatch(&arguments, &symbols));
        }
        let mut arranged = Vec::with_capacity(arguments.len().max(self.parameters.len()));
        let mut rest = arguments.into_iter();
        let mut index = 0;
        for (parameter, count) in self.parameters.iter().zip(counts) {
            if count == 0 && parameter.takes_context {
                arranged.push(parameter.left_out(context, index + 1)?);
                continue;
            }
            // A parameter that was left out takes the argument at its place all the same, so
            // that those behind it move on.
            for _ in 0..count.max(1) {
                index += 1;
                let argument = rest.next().unwrap_or_default();
                let is_matched = count > 0;
                arranged.push(if is_matched {
                    parameter.accept(argument, index)?
                } else {
                    argument
                });
            }
        }
        Ok(arranged)
    }

    /// Which argument is to blame: the first behind what a growing list of parameters can take.
    fn mismatch(&self, arguments: &[Out], symbols: &[char]) -> Error {
        let mut good = 0;
        for end in 1..=self.parameters.len() {
            let mut counts = Vec::new();
            if !assign(
                self.parameters.get(..end).unwrap_or_default(),
                symbols,
                Whole::No,
                &mut counts,
            ) {
                break;
            }
            good = counts.iter().sum();
        }
        let value = arguments.get(good).and_then(|argument| argument.value.clone());
        Error::new(Code::T0410).found(value).argument(good + 1)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    No,
}

/// Finds how many symbols each parameter takes.
fn assign(
    parameters: &[Parameter],
    symbols: &[char],
    whole: Whole,
    counts: &mut Vec<usize>,
) -> bool {
    let Some((parameter, others)) = parameters.split_first() else {
        return whole == Whole::No || symbols.is_empty();
    };
    let fitting = symbols.iter().take_while(|symbol| parameter.takes(**symbol)).count();
    let (least, most) = match parameter.repeat {
        Repeat::Once => (1, 1),
        Repeat::AtMostOnce => (0, 1),
        Repeat::AtLeastOnce => (1, usize::MAX),
    };
    let mut count = fitting.min(most);
    loop {
        if count < least {
            return false;
        }
        counts.push(count);
        if assign(others, symbols.get(count..).unwrap_or_default(), whole, counts) {
            return true;
        }
        counts.pop();
        if count == 0 {
            return false;
        }
        count -= 1;
    }
}

impl Parameter {
    fn of(symbols: &str) -> Self {
        Self { symbols: symbols.to_owned(), ..Self::default() }
    }

    fn takes(&self, symbol: char) -> bool {
        self.symbols.bytes().any(|known| char::from(known) == symbol)
    }

    fn left_out(&self, context: &Out, index: usize) -> Result<Out, Error> {
        if self.takes(symbol_of(context)) {
            return Ok(context.clone());
        }
        Err(Error::new(Code::T0411).found(context.value.clone()).argument(index))
    }

    fn accept(&self, argument: Out, index: usize) -> Result<Out, Error> {
        let Some(value) = &argument.value else { return Ok(argument) };
        if !self.is_array {
            return Ok(argument);
        }
        if let Some(member) = &self.member
            && !members_fit(value, member)
        {
            let error = Error::new(Code::T0412).found(argument.value).argument(index);
            return Err(match array_of(member) {
                Some(names) => error.second(names),
                None => error,
            });
        }
        match value {
            Value::Array(_) => Ok(argument),
            single => Ok(Out::from(Value::Array(Arc::new(vec![single.clone()])))),
        }
    }
}

fn members_fit(value: &Value, member: &str) -> bool {
    let wanted = member.chars().next().unwrap_or('x');
    match value {
        Value::Array(_) if wanted == 'x' => true,
        Value::Array(items) => items.iter().all(|item| symbol(item) == wanted),
        single => member.chars().eq([symbol(single)]),
    }
}

fn array_of(member: &str) -> Option<&'static str> {
    Some(match member {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => return None,
    })
}

fn symbol_of(argument: &Out) -> char {
    argument.value.as_ref().map_or('m', symbol)
}

fn symbol(value: &Value) -> char {
    match value {
        Value::Null => 'l',
        Value::Bool(_) => 'b',
        Value::Float(_) if callable::is_function(value) => 'f',
        Value::Int(_) | Value::Float(_) => 'n',
        Value::String(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
    }
}

fn closing(letters: &[char], start: usize, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, letter) in letters.iter().enumerate().skip(start) {
        if *letter == open {
            depth += 1;
        } else if *letter == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    letters.len()
}

#[cfg(test)]
mod tests;
