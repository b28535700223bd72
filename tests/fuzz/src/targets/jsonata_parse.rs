//! JSONata text: read or refused, with a place in the text, in both dialects.

use stepwell_jsonata::{Dialect, Expression};

use super::expressions::{self, Flavour};
use crate::chance::Chance;
use crate::corpus::Corpus;
use crate::target::Target;

pub(crate) const TARGET: Target = Target {
    name: "jsonata-parse",
    about: "an expression is read or refused, with a place in it",
    generate,
    check,
    bytes_max: |input| (16 << 20) + 2000 * input,
    test_iterations: 6_000,
};

fn generate(chance: &mut Chance, corpus: &Corpus) -> String {
    match chance.below(3) {
        0 => expressions::soup(chance),
        1 => expressions::mutant(chance, corpus),
        _ => {
            let text = expressions::expression(chance, Flavour::Hostile);
            expressions::damaged(&text, chance, corpus)
        }
    }
}

fn check(input: &str) -> Result<(), String> {
    let units = input.encode_utf16().count();
    for dialect in [Dialect::Jsonata, Dialect::StepFunctions] {
        match Expression::parse_as(input, dialect) {
            Ok(expression) => drop(format!("{:?}", expression.references())),
            Err(error) => {
                let message = error.to_string();
                if message.is_empty() || message.contains("{{") && !input.contains("{{") {
                    return Err(format!("the message is `{message}`"));
                }
                if error.position().is_some_and(|position| position > units) {
                    return Err(format!("{error} is at {:?} of {units}", error.position()));
                }
            }
        }
    }
    Ok(())
}
