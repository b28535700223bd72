//! How long functions are.
//!
//! Lines of code between the braces are counted, without blank lines and comments, as clippy's
//! `too_many_lines` does; so an `#[expect]` of that lint is an exception here as well.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

use super::Finding;
use crate::repository::TrackedFile;

const LINES_MAX: usize = 70;

pub(super) fn check(file: &TrackedFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref().filter(|_| file.is_rust()) else { return Vec::new() };
    let parsed = match syn::parse_file(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let message = format!("this is not Rust: {error}; make it compile");
            return vec![Finding::new(&file.path, message)];
        }
    };
    if is_excepted(&parsed.attrs) {
        return Vec::new();
    }
    let mut finder = Finder { file, lines: text.lines().collect(), findings: Vec::new() };
    finder.visit_file(&parsed);
    finder.findings
}

struct Finder<'a> {
    file: &'a TrackedFile,
    lines: Vec<&'a str>,
    findings: Vec<Finding>,
}

impl Finder<'_> {
    fn measure(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        let (first, last) = (block.span().start().line, block.span().end().line);
        let inside = self.lines.iter().take(last.saturating_sub(1)).skip(first);
        let count = inside.filter(|line| is_code(line)).count();
        if count > LINES_MAX && !is_excepted(attributes) {
            let place = format!("{}:{}", self.file.path, signature.span().start().line);
            let message = format!(
                "`{}` has {count} lines, and {LINES_MAX} are the most; give its parts names of \
                 their own",
                signature.ident
            );
            self.findings.push(Finding::new(place, message));
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.attrs, &function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.attrs, &function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.attrs, &function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

/// `#[expect(clippy::too_many_lines)]`, among others or alone.
fn is_excepted(attributes: &[Attribute]) -> bool {
    let expected = attributes.iter().filter(|attribute| attribute.path().is_ident("expect"));
    let lists = expected.filter_map(|attribute| attribute.meta.require_list().ok());
    lists.flat_map(|list| words(&list.tokens)).any(|word| word == "too_many_lines")
}

fn words(tokens: &TokenStream) -> BTreeSet<String> {
    tokens.clone().into_iter().map(|token| token.to_string()).collect()
}

#[cfg(test)]
mod tests;
