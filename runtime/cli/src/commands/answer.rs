//! What a server has answered, for people or for machines.

use stepwell::Value;

use crate::arguments::Format;
use crate::complaint::Complaint;
use crate::json_text::{ObjectText, lines};
use crate::printer::{self, Printer};
use crate::table;

/// The answer as it is, or what people want to know of it.
pub(super) fn print(
    output: Format,
    answer: &Value,
    for_people: impl FnOnce(&Value) -> String,
) -> Result<(), Complaint> {
    match output {
        Format::Json => printer::data(answer),
        Format::Text => printer::data(for_people(answer)),
    }
}

/// A row for each item of a list; `empty` is said where there is none.
pub(super) fn print_list<const N: usize>(
    printer: Printer,
    output: Format,
    (member, items): (&str, &[Value]),
    empty: &str,
    row: impl Fn(&Value) -> [String; N],
) -> Result<(), Complaint> {
    if output == Format::Json {
        let items = lines(items.iter().map(ToString::to_string));
        return printer::data(ObjectText::new().json(member, items).finish());
    }
    if items.is_empty() {
        printer.say(empty);
        return Ok(());
    }
    printer::data(table::rows(&items.iter().map(row).collect::<Vec<_>>()))
}
