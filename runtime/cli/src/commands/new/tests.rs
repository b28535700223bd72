use super::{FILES, RESERVED, check_name, fill};

#[test]
fn a_name_is_one_that_cargo_and_the_registry_take() {
    let longest = format!("a{}", "b".repeat(63));
    for name in ["a", "greet", "score-credit-2", &longest] {
        assert_eq!(check_name(name), Ok(()), "{name}");
    }
    let too_long = "a".repeat(65);
    for name in ["", "Greet", "2nd", "-a", "a-", "a_b", "a b", "../a", "ä", &too_long, "loop"] {
        assert!(check_name(name).is_err(), "{name}");
    }
}

#[test]
fn reserved_names_are_in_order_and_would_be_taken_otherwise() {
    assert!(RESERVED.is_sorted());
    for name in RESERVED {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
    }
}

#[test]
fn every_place_of_a_template_is_filled() {
    for (file, template) in FILES {
        let text = fill(template, "two-words", "\"0.1.0\"");
        assert!(!text.contains("{{"), "{file}: {text}");
    }
}

#[test]
fn a_function_is_spelled_as_rust_can() {
    assert_eq!(fill("fn {{function}}() // {{name}} {{sdk}}", "a-b", "x"), "fn a_b() // a-b x");
}
