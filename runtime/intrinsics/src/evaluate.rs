//! From arguments to results: inner calls first, from left to right.

use stepwell_jsonpath::Path;
use stepwell_value::Value;

use crate::arguments::Arguments;
use crate::call::{Argument, Invocation};
use crate::failure::{Failure, Reason};
use crate::function::Function;
use crate::{array, encoding, json, math, text, uuid};

/// Recurses as deep as calls nest, which the parser bounds.
pub(crate) fn invoke<E: From<Failure>>(
    invocation: &Invocation,
    read: &mut dyn FnMut(&Path) -> Result<Value, E>,
    entropy: &mut dyn FnMut() -> u64,
) -> Result<Value, E> {
    let mut values = Vec::with_capacity(invocation.arguments.len());
    for argument in &invocation.arguments {
        values.push(match argument {
            Argument::Literal(value) => value.clone(),
            Argument::Path(path) => read(path)?,
            Argument::Invocation(inner) => invoke(inner, read, entropy)?,
        });
    }
    let function = invocation.function;
    apply(function, values, entropy).map_err(|reason| E::from(Failure { function, reason }))
}

fn apply(
    function: Function,
    values: Vec<Value>,
    entropy: &mut dyn FnMut() -> u64,
) -> Result<Value, Reason> {
    let arguments = Arguments(&values);
    match function {
        Function::Array => Ok(values.into()),
        Function::ArrayContains => array::contains(&arguments),
        Function::ArrayGetItem => array::get_item(&arguments),
        Function::ArrayLength => array::length(&arguments),
        Function::ArrayPartition => array::partition(&arguments),
        Function::ArrayRange => array::range(&arguments),
        Function::ArrayUnique => array::unique(&arguments),
        Function::Base64Decode => encoding::base64_decode(&arguments),
        Function::Base64Encode => encoding::base64_encode(&arguments),
        Function::Format => text::format(&arguments),
        Function::Hash => encoding::hash(&arguments),
        Function::JsonMerge => json::merge(&arguments),
        Function::JsonToString => json::to_string(&arguments),
        Function::MathAdd => math::add(&arguments),
        Function::MathRandom => math::random(&arguments, entropy),
        Function::StringSplit => text::split(&arguments),
        Function::StringToJson => json::parse(&arguments),
        Function::Uuid => Ok(uuid::version_4(entropy)),
    }
}
