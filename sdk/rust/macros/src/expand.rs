//! What `#[task]` leaves behind: the function, the checks of its types, and the export.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Ident, Item, ItemFn};

use crate::signature::{self, Shape};

pub(crate) fn task(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let function = match function(arguments, item) {
        Ok(function) => function,
        Err(error) => return with_error(&error, item),
    };
    match signature::check(&function) {
        Ok(shape) => {
            let checks = type_checks(&shape);
            let export = export(&function.sig.ident);
            quote! { #item #checks #export }
        }
        Err(error) => with_error(&error, item),
    }
}

fn function(arguments: &TokenStream, item: &TokenStream) -> Result<ItemFn, Error> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(
            arguments,
            "`#[task]` takes no arguments: a task's limits and capabilities stand in its task.toml",
        ));
    }
    match syn::parse2(item.clone())? {
        Item::Fn(function) => Ok(function),
        other => Err(Error::new_spanned(other, "`#[task]` belongs on a function")),
    }
}

/// The item stays, so that the rest of the crate does not complain about a missing function.
fn with_error(error: &Error, item: &TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote! { #error #item }
}

/// Bounds that the compiler checks, each with the span of the type it speaks about.
fn type_checks(shape: &Shape<'_>) -> TokenStream {
    let input = shape.input;
    let outcome = shape.outcome;
    let input = quote_spanned! { input.span() => ::stepwell_task::__private::is_input::<#input>() };
    let outcome = match signature::result_arguments(outcome) {
        Some((output, error)) => {
            let output = quote_spanned! { output.span() => ::stepwell_task::__private::is_output::<#output>() };
            let error =
                quote_spanned! { error.span() => ::stepwell_task::__private::is_error::<#error>() };
            quote! { #output; #error; }
        }
        None => {
            quote_spanned! { outcome.span() => ::stepwell_task::__private::is_outcome::<#outcome>(); }
        }
    };
    quote! { const _: () = { #input; #outcome }; }
}

/// On the host the function is only named, so that a private task is not reported as unused. The
/// macro at the crate's root is never called: two of them collide, and its name is the message.
fn export(name: &Ident) -> TokenStream {
    let marker = Ident::new("a_crate_has_one_task", Span::call_site());
    let marker = quote_spanned! { name.span() =>
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #marker { () => {}; }
    };
    quote! {
        #marker
        const _: () = {
            #[cfg(not(target_family = "wasm"))]
            { let _ = #name; }
            #[cfg(target_family = "wasm")]
            {
                struct Exported;
                impl ::stepwell_task::__private::Guest for Exported {
                    fn run(
                        input: ::std::string::String,
                    ) -> ::core::result::Result<
                        ::std::string::String,
                        ::stepwell_task::__private::Failure,
                    > {
                        ::stepwell_task::__private::run(&input, #name)
                    }
                }
                ::stepwell_task::__private::export!(
                    Exported with_types_in ::stepwell_task::__private::bindings
                );
            }
        };
    }
}
