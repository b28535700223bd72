//! The functions of the language: their names, what they take, and where they are.
#![expect(clippy::unnecessary_wraps, reason = "all functions of the language have one shape")]

use std::sync::LazyLock;

use stepwell_value::{Str, Value};

use crate::callable;
use crate::error::Error;
use crate::evaluator::Evaluator;
use crate::limits::Dialect;
use crate::sequence::Out;
use crate::signature::Signature;

mod array;
mod aws;
mod date;
mod encoding;
mod higher_order;
mod matching;
mod numeric;
mod object;
pub(crate) mod string;

pub(crate) use numeric::round_half_even;

type Run = for<'x, 'a, 'e> fn(&'x mut Evaluator<'a, 'e>, Args) -> Result<Out, Error>;

struct Spec {
    name: &'static str,
    signature: &'static str,
    /// How many arguments it takes from a function that offers more.
    arity: usize,
    run: Run,
    dialect: Option<Dialect>,
}

/// A function of the language, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Builtin(u8);

const fn both(name: &'static str, signature: &'static str, arity: usize, run: Run) -> Spec {
    Spec { name, signature, arity, run, dialect: None }
}

const fn only(
    dialect: Dialect,
    name: &'static str,
    signature: &'static str,
    arity: usize,
    run: Run,
) -> Spec {
    Spec { name, signature, arity, run, dialect: Some(dialect) }
}

static SPECS: [Spec; 69] = [
    both("sum", "<a<n>:n>", 1, numeric::sum),
    both("count", "<a:n>", 1, array::count),
    both("max", "<a<n>:n>", 1, numeric::max),
    both("min", "<a<n>:n>", 1, numeric::min),
    both("average", "<a<n>:n>", 1, numeric::average),
    both("string", "<x-b?:s>", 1, string::string),
    both("substring", "<s-nn?:s>", 3, string::substring),
    both("substringBefore", "<s-s:s>", 2, string::substring_before),
    both("substringAfter", "<s-s:s>", 2, string::substring_after),
    both("lowercase", "<s-:s>", 1, string::lowercase),
    both("uppercase", "<s-:s>", 1, string::uppercase),
    both("length", "<s-:n>", 1, string::length),
    both("trim", "<s-:s>", 1, string::trim),
    both("pad", "<s-ns?:s>", 3, string::pad),
    both("match", "<s-f<s:o>n?:a<o>>", 3, matching::match_all),
    both("contains", "<s-(sf):b>", 2, matching::contains),
    both("replace", "<s-(sf)(sf)n?:s>", 4, matching::replace),
    both("split", "<s-(sf)n?:a<s>>", 3, matching::split),
    both("join", "<a<s>s?:s>", 2, string::join),
    both("formatNumber", "<n-so?:s>", 3, numeric::format_number),
    both("formatBase", "<n-n?:s>", 2, numeric::format_base),
    both("formatInteger", "<n-s:s>", 2, numeric::format_integer),
    both("parseInteger", "<s-s:n>", 2, numeric::parse_integer),
    both("number", "<(nsb)-:n>", 1, numeric::number),
    both("floor", "<n-:n>", 1, numeric::floor),
    both("ceil", "<n-:n>", 1, numeric::ceil),
    both("round", "<n-n?:n>", 2, numeric::round),
    both("abs", "<n-:n>", 1, numeric::abs),
    both("sqrt", "<n-:n>", 1, numeric::sqrt),
    both("power", "<n-n:n>", 2, numeric::power),
    only(Dialect::Jsonata, "random", "<:n>", 0, numeric::random),
    only(Dialect::StepFunctions, "random", "<n?:n>", 1, aws::random),
    both("boolean", "<x-:b>", 1, object::boolean),
    both("not", "<x-:b>", 1, object::not),
    both("map", "<af>", 2, higher_order::map),
    both("zip", "<a+>", 0, array::zip),
    both("filter", "<af>", 2, higher_order::filter),
    both("single", "<af?>", 2, higher_order::single),
    both("reduce", "<afj?:j>", 3, higher_order::reduce),
    both("sift", "<o-f?:o>", 2, higher_order::sift),
    both("keys", "<x-:a<s>>", 1, object::keys),
    both("lookup", "<x-s:x>", 2, object::lookup),
    both("append", "<xx:a>", 2, array::append),
    both("exists", "<x:b>", 1, object::exists),
    both("spread", "<x-:a<o>>", 1, object::spread),
    both("merge", "<a<o>:o>", 1, object::merge),
    both("reverse", "<a:a>", 1, array::reverse),
    both("each", "<o-f:a>", 2, higher_order::each),
    both("error", "<s?:x>", 1, object::error),
    both("assert", "<bs?:x>", 2, object::assert),
    both("type", "<x:s>", 1, object::type_of),
    both("sort", "<af?:a>", 2, higher_order::sort),
    both("shuffle", "<a:a>", 1, array::shuffle),
    both("distinct", "<x:x>", 1, array::distinct),
    both("base64encode", "<s-:s>", 1, encoding::base64_encode),
    both("base64decode", "<s-:s>", 1, encoding::base64_decode),
    both("encodeUrlComponent", "<s-:s>", 1, encoding::encode_url_component),
    both("encodeUrl", "<s-:s>", 1, encoding::encode_url),
    both("decodeUrlComponent", "<s-:s>", 1, encoding::decode_url_component),
    both("decodeUrl", "<s-:s>", 1, encoding::decode_url),
    both("toMillis", "<s-s?:n>", 2, date::to_millis),
    both("fromMillis", "<n-s?s?:s>", 3, date::from_millis),
    both("now", "<s?s?:s>", 2, date::now),
    both("millis", "<:n>", 0, date::millis),
    only(Dialect::StepFunctions, "partition", "<a<x>n?:a>", 2, aws::partition),
    only(Dialect::StepFunctions, "range", "<nnn?:a>", 3, aws::range),
    only(Dialect::StepFunctions, "hash", "<ss:s>", 2, aws::hash),
    only(Dialect::StepFunctions, "uuid", "<:s>", 0, aws::uuid),
    only(Dialect::StepFunctions, "parse", "<s?:x>", 1, aws::parse),
];

static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let parse = |spec: &Spec| Signature::parse(spec.signature).unwrap_or_default();
    SPECS.iter().map(parse).collect()
});

impl Builtin {
    pub(crate) const COUNT: usize = SPECS.len();

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256 functions")]
    pub(crate) fn find(name: &str, dialect: Dialect) -> Option<Self> {
        let is_it = |spec: &Spec| spec.name == name && spec.dialect.is_none_or(|d| d == dialect);
        SPECS.iter().position(is_it).map(|nth| Self(nth as u8))
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256 functions")]
    pub(crate) fn from_index(index: usize) -> Option<Self> {
        (index < Self::COUNT).then_some(Self(index as u8))
    }

    /// The function as a value.
    pub(crate) fn handle(self) -> Value {
        callable::handle(self.0.into())
    }

    pub(crate) fn arity(self) -> usize {
        SPECS[usize::from(self.0)].arity
    }

    pub(crate) fn signature(self) -> &'static Signature {
        &SIGNATURES[usize::from(self.0)]
    }

    pub(crate) fn run(
        self,
        evaluator: &mut Evaluator<'_, '_>,
        arguments: Vec<Out>,
    ) -> Result<Out, Error> {
        (SPECS[usize::from(self.0)].run)(evaluator, Args(arguments))
    }
}

/// The arguments of a call, in their places.
pub(crate) struct Args(Vec<Out>);

impl Args {
    /// Takes an argument out; one that is not there is undefined.
    fn take(&mut self, at: usize) -> Out {
        self.0.get_mut(at).map(std::mem::take).unwrap_or_default()
    }

    fn value(&mut self, at: usize) -> Option<Value> {
        self.take(at).value
    }

    fn text(&mut self, at: usize) -> Option<Str> {
        match self.value(at) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    fn f64(&mut self, at: usize) -> Option<f64> {
        self.value(at)?.as_f64()
    }

    /// The members of an array; a single value counts as an array of it.
    fn items(&mut self, at: usize) -> Option<Items> {
        match self.value(at)? {
            Value::Array(items) => Some(items),
            single => Some(std::sync::Arc::new(vec![single])),
        }
    }
}

type Items = std::sync::Arc<Vec<Value>>;

#[cfg(test)]
mod tests;
