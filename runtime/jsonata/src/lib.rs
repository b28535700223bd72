//! `JSONata`, as AWS Step Functions speaks it.
//!
//! [JSONata](https://docs.jsonata.org/2.0.0/overview) is a small language for asking JSON
//! documents questions and building new documents from the answers. `Order.Product.Price` finds
//! prices wherever they are, `$sum(Order.Product.(Price * Quantity))` adds them up, and
//! `{"total": $sum(...)}` is a new document. An expression cannot change anything and cannot loop
//! for ever: it is a question with an answer.
//!
//! ```
//! use stepwell_jsonata::{Env, Expression, Limits};
//! use stepwell_value::Value;
//!
//! let expression = Expression::parse("$sum($order.items.(price * quantity))").unwrap();
//! let order = Value::parse(r#"{"items": [{"price": 2, "quantity": 3}, {"price": 4, "quantity": 1}]}"#);
//! let mut entropy = || 4;
//! let mut env = Env { now_millis: 0, entropy: &mut entropy, limits: Limits::default() };
//! let total = expression.evaluate(None, &[("order", order.unwrap())], &mut env).unwrap();
//! assert_eq!(total, Some(Value::Int(10)));
//! ```
//!
//! An [`Expression`] is parsed once and evaluated often, by as many threads as like. It works
//! directly on [`Value`](stepwell_value::Value), the runtime's own JSON: data goes in and comes out
//! without being converted or copied.
//!
//! The crate is pure. The clock and the random bits come with [`Env`], and so do the [`Limits`]:
//! how deep an evaluation may go, how many steps it may take and how much memory it may hold. An
//! expression from a stranger ends in a result or in an [`Error`], never in a crash or a hang.
//!
//! The language is `JSONata` 2.0.6 without `$eval`. [`Dialect::StepFunctions`] adds what the service
//! adds: functions, exact 64-bit integers, texts for numbers that JSON cannot write. Errors carry
//! the reference implementation's codes and texts word for word, because callers compare them.
//! [`Expression::references`] tells what an expression refers to, so that a definition can be
//! refused before it runs.
#![forbid(unsafe_code)]
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

pub use analysis::Reference;
pub use env::{Bindings, Env};
pub use error::{Code, Error, EvalError, ParseError};
pub use expression::Expression;
pub use limits::{Dialect, Limits};
pub use parser::PARSE_DEPTH_MAX;

mod analysis;
mod ast;
mod callable;
mod env;
mod error;
mod evaluator;
mod expression;
mod functions;
mod lexer;
mod limits;
mod number;
mod parser;
mod picture;
mod prepare;
mod raw;
mod regex;
mod sequence;
mod signature;
#[cfg(test)]
mod testing;
