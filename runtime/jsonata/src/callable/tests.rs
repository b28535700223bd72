use super::*;

#[test]
fn a_handle_names_its_function_and_no_number_does() {
    for index in [0, 1, 69, 0xffff_ffff] {
        assert_eq!(index_of(&handle(index)), Some(index));
    }
    for number in [0.0, -1.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::MIN_POSITIVE] {
        assert_eq!(index_of(&Value::Float(number)), None);
    }
    assert!(!is_function(&Value::Int(0x7ffc_0000_0000_0000)));
}
