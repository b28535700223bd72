//! Exports something, but not a task's handler.

use exports::example::calculator::addition::Guest;

wit_bindgen::generate!({
    inline: "
        package example:calculator@1.0.0;

        interface addition {
            add: func(a: u32, b: u32) -> u32;
        }

        world calculator {
            export addition;
        }
    ",
});

struct Calculator;

impl Guest for Calculator {
    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }
}

export!(Calculator);
