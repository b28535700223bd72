//! The allocator: it counts what each thread holds, and gives no more than the thread may have.
//!
//! A refusal ends the process, as it does for any program that allocates. That is wanted: nothing
//! goes on past the bound, and whoever started the process sees which input it was.
#![expect(unsafe_code, reason = "an allocator is unsafe by its interface")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

thread_local! {
    /// Bytes held now. What one thread takes and another gives back wraps around zero.
    static HELD: Cell<usize> = const { Cell::new(0) };
    /// What may be held above the start of the measurement; none is measured at `usize::MAX`.
    static MAX: Cell<usize> = const { Cell::new(usize::MAX) };
    static START: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

/// Runs something that may hold so many bytes at most, and tells how many it held at once.
pub(crate) fn bounded<T>(bytes_max: usize, work: impl FnOnce() -> T) -> (T, usize) {
    PEAK.set(0);
    START.set(HELD.get());
    MAX.set(bytes_max);
    let result = work();
    MAX.set(usize::MAX);
    (result, PEAK.get())
}

/// Takes bytes into the account, unless they are too many.
fn take(bytes: usize) -> bool {
    let held = HELD.get().wrapping_add(bytes);
    let above = held.wrapping_sub(START.get());
    // Less than at the start shows as a number near the end of the range.
    if above < usize::MAX / 2 {
        if above > MAX.get() {
            return false;
        }
        if above > PEAK.get() {
            PEAK.set(above);
        }
    }
    HELD.set(held);
    true
}

fn give_back(bytes: usize) {
    HELD.set(HELD.get().wrapping_sub(bytes));
}

// SAFETY: every call is passed on to the system's allocator as it came; the counters are cells
// without destructors, which are usable for as long as the thread is and do not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give_back(layout.size());
        // SAFETY: the caller keeps the contract of `dealloc`, and all memory is the system's.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both may exist; what is counted is what stays.
        if !take(size) {
            return ptr::null_mut();
        }
        give_back(layout.size());
        // SAFETY: the caller keeps the contract of `realloc`, and all memory is the system's.
        unsafe { System.realloc(memory, layout, size) }
    }
}
