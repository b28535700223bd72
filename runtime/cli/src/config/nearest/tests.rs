use super::nearest;

const NAMES: [&str; 3] = ["address", "names", "tls"];

#[test]
fn a_slip_is_recognised() {
    for slip in ["adress", "addres", "addrsss", "Address", "adresse"] {
        assert_eq!(nearest(slip, NAMES.into_iter()), Some("address"), "{slip}");
    }
    assert_eq!(nearest("name", NAMES.into_iter()), Some("names"));
}

#[test]
fn what_is_far_from_every_name_is_none_of_them() {
    for other in ["port", "listen", "x", ""] {
        assert_eq!(nearest(other, NAMES.into_iter()), None, "{other}");
    }
}
