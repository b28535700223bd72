use super::check_name;

#[test]
fn names_follow_the_service() {
    let longest = "x".repeat(80);
    for name in ["a", "order-fulfilment_2", "Bestellung.ä", &longest] {
        assert_eq!(check_name(name), Ok(()), "{name}");
    }
    let too_long = "x".repeat(81);
    for name in ["", "two words", "a/b", "a:b", "tab\t", "$", &too_long] {
        assert!(check_name(name).is_err(), "{name}");
    }
}
