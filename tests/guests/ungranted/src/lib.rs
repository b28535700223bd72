//! Has a task's handler, and an import of its own.

use exports::stepwell::task::handler::{Failure, Guest};

wit_bindgen::generate!({
    path: "../../../wit",
    inline: "
        package example:ungranted@1.0.0;

        interface vault {
            open: func(name: string) -> string;
        }

        world thief {
            import vault;
            export stepwell:task/handler@0.1.0;
        }
    ",
    world: "example:ungranted/thief@1.0.0",
    generate_all,
});

struct Thief;

impl Guest for Thief {
    fn run(input: String) -> Result<String, Failure> {
        Ok(example::ungranted::vault::open(&input))
    }
}

export!(Thief);
