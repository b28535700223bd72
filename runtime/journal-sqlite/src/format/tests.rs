use super::{Format, Unreadable, read, write};

#[test]
fn what_is_worth_it_is_compressed() {
    let record = b"{\"state\": \"Again\", \"input\": 1}".repeat(50);
    let (format, data) = write(record.clone());
    assert_eq!(format, Format::Lz4);
    assert!(data.len() < record.len() / 5, "{} bytes", data.len());
    assert_eq!(read(1, &data).unwrap(), record);
}

#[test]
fn what_is_small_or_random_stays_as_it_is() {
    let small = vec![b'x'; 127];
    assert_eq!(write(small.clone()), (Format::Plain, small));
    let mut state = 1_u64;
    let random: Vec<u8> = (0..1000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    assert_eq!(write(random.clone()), (Format::Plain, random.clone()));
    assert_eq!(read(0, &random).unwrap(), random);
}

#[test]
fn what_no_program_wrote_is_refused() {
    let (_, data) = write(vec![b'x'; 1000]);
    assert_eq!(read(9, &data), Err(Unreadable));
    assert_eq!(read(1, &data[..3]), Err(Unreadable));
    assert_eq!(read(1, &data[..data.len() - 1]), Err(Unreadable));
    for length in [0, 999, 1001, u32::MAX] {
        let mut claimed = data.clone();
        claimed[..4].copy_from_slice(&length.to_le_bytes());
        assert_eq!(read(1, &claimed), Err(Unreadable), "{length} bytes");
    }
}
