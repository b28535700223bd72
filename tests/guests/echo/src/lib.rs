//! Returns its input.

use exports::stepwell::task::handler::{Failure, Guest};

wit_bindgen::generate!({ path: "../../../wit", world: "task" });

struct Echo;

impl Guest for Echo {
    fn run(input: String) -> Result<String, Failure> {
        Ok(input)
    }
}

export!(Echo);
