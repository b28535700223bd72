//! The `#[task]` attribute, re-exported and documented by `stepwell-task`.
//!
//! The macro leaves the function as it is. It adds checks that make a wrong signature a readable
//! error at the right place and, on WebAssembly, the component's export. All that it names lies
//! in `::stepwell_task::__private`, so a task's crate needs no other dependency for it.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

mod expand;
mod signature;

/// Makes a function the task of its crate. See the documentation of `stepwell_task`.
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::task(&arguments.into(), &item.into()).into()
}
