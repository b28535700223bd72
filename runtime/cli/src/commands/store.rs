//! `stepwell backup`, `stepwell restore` and `stepwell verify`: what is done with a store as a file.

use stepwell::store;

use crate::arguments::{Backup, Restore, Verify};
use crate::complaint::Complaint;
use crate::printer::Printer;
use crate::{Ended, Exit};

pub(crate) fn backup(printer: Printer, options: &Backup) -> Ended {
    let (store, file) = (&options.store.store, &options.file);
    store::backup(store, file).map_err(|error| Complaint::of(&error))?;
    printer.say(format_args!("{} is a copy of {}", file.display(), store.display()));
    Ok(Exit::Success)
}

pub(crate) fn restore(printer: Printer, options: &Restore) -> Ended {
    let (store, file) = (&options.store.store, &options.file);
    store::restore(file, store).map_err(|error| Complaint::of(&error))?;
    printer.say(format_args!("{} is what {} was", store.display(), file.display()));
    Ok(Exit::Success)
}

/// Damage is told and ends with the code of bad input.
pub(crate) fn verify(printer: Printer, options: &Verify) -> Ended {
    let store = &options.store.store;
    let faults = store::verify(store).map_err(|error| Complaint::of(&error))?;
    if faults.is_empty() {
        printer.say(format_args!("{}: everything is as it was written", store.display()));
        return Ok(Exit::Success);
    }
    let mut complaint = Complaint::default();
    for fault in &faults {
        complaint.push(format_args!("{}: {fault}", store.display()), None);
    }
    Err(complaint.hint(
        "`stepwell restore FILE --store NEW` makes a store of a backup; executions that are not \
         damaged go on as they are",
    ))
}
