//! What a task's signature must look like: one owned argument, a `Result`, and nothing else.
//!
//! Only what the tokens show is decided here. Whether a type can be read from JSON or written as
//! JSON is left to the compiler, which knows the types.

use syn::{
    Error, FnArg, GenericArgument, ItemFn, PathArguments, Result, ReturnType, Safety, Signature,
    Type,
};

/// The types of a function that has the shape of a task.
pub(crate) struct Shape<'a> {
    pub(crate) input: &'a Type,
    pub(crate) outcome: &'a Type,
}

/// Accepts a task's function, or says everything that is wrong with its signature.
pub(crate) fn check(function: &ItemFn) -> Result<Shape<'_>> {
    let signature = &function.sig;
    let modifiers = reject_modifiers(signature);
    let input = input(signature);
    let outcome = outcome(signature);
    match (modifiers, input, outcome) {
        (Ok(()), Ok(input), Ok(outcome)) => Ok(Shape { input, outcome }),
        (modifiers, input, outcome) => {
            let errors = [modifiers.err(), input.err(), outcome.err()];
            Err(errors.into_iter().flatten().reduce(joined).expect("one of the three failed"))
        }
    }
}

/// `Result<output, error>` as it is written, if it is written out.
pub(crate) fn result_arguments(outcome: &Type) -> Option<(&Type, &Type)> {
    let Type::Path(path) = outcome else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    });
    match (types.next(), types.next(), types.next()) {
        (Some(output), Some(error), None) => Some((output, error)),
        _ => None,
    }
}

fn reject_modifiers(signature: &Signature) -> Result<()> {
    let mut errors = Vec::new();
    if let Some(keyword) = &signature.asyncness {
        errors.push(Error::new_spanned(
            keyword,
            "a task cannot be async: it does its work once and returns; remove `async`",
        ));
    }
    if let Safety::Unsafe(keyword) = &signature.safety {
        errors.push(Error::new_spanned(
            keyword,
            "a task cannot be an unsafe function: the runtime is its caller; remove `unsafe`",
        ));
    }
    if let Some(abi) = &signature.abi {
        errors
            .push(Error::new_spanned(abi, "a task is an ordinary Rust function; remove `extern`"));
    }
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        errors.push(Error::new_spanned(
            &signature.generics,
            "a task cannot be generic: name the type of its input",
        ));
    }
    errors.into_iter().reduce(joined).map_or(Ok(()), Err)
}

fn input(signature: &Signature) -> Result<&Type> {
    let mut arguments = signature.inputs.iter();
    let Some(first) = arguments.next() else {
        return Err(Error::new(
            signature.paren_token.span.join(),
            "a task takes one argument, its input: `(input: MyInput)`, \
             where `MyInput` implements `serde::Deserialize`",
        ));
    };
    let argument = match first {
        FnArg::Typed(argument) => argument,
        FnArg::Receiver(receiver) => {
            return Err(Error::new_spanned(
                receiver,
                "a task is a free function: it has no `self`, because nothing survives its call",
            ));
        }
    };
    if let Some(second) = arguments.next() {
        return Err(Error::new_spanned(
            second,
            "a task takes one argument: put the parts of its input into a struct",
        ));
    }
    owned(&argument.ty)
}

fn owned(input: &Type) -> Result<&Type> {
    match input {
        Type::Reference(_) => {
            Err(Error::new_spanned(input, "a task owns its input: take it by value, without `&`"))
        }
        Type::ImplTrait(_) => {
            Err(Error::new_spanned(input, "a task cannot be generic: name the type of its input"))
        }
        _ => Ok(input),
    }
}

fn outcome(signature: &Signature) -> Result<&Type> {
    match &signature.output {
        ReturnType::Type(_, outcome) => Ok(outcome),
        ReturnType::Default => Err(Error::new(
            signature.paren_token.span.close(),
            "a task returns a result: write `-> Result<MyOutput, TaskError>`, \
             or `-> Result<(), TaskError>` when there is nothing to say",
        )),
    }
}

fn joined(mut first: Error, second: Error) -> Error {
    first.combine(second);
    first
}
