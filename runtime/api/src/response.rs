//! Parts of answers.

use stepwell_catalog::Page;
use stepwell_value::{Object, Value};

pub(crate) use stepwell_wire::{count, date, members};

/// A page of a list.
pub(crate) fn page<T>(name: &'static str, page: Page<T>, show: impl FnMut(T) -> Object) -> Object {
    let items: Vec<Value> = page.items.into_iter().map(show).map(Value::from).collect();
    members([(name, Some(items.into())), ("nextToken", page.next_token.map(Value::from))])
}
