use super::{Format, Unreadable, join, write};

fn read_all(format: u8, data: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let mut records = Vec::new();
    super::read(format, data, |record| {
        records.push(record.to_vec());
        Ok::<_, Unreadable>(())
    })?;
    Ok(records)
}

/// The one record.
fn read(format: u8, data: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let [record] = read_all(format, data)?.try_into().unwrap();
    Ok(record)
}

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

#[test]
fn records_are_joined_and_come_apart_again() {
    let records = [b"one ".repeat(90), vec![], b"two ".repeat(90)];
    let joined = join(records.iter().map(Vec::as_slice)).unwrap();
    assert!(joined.len() < 100, "{} bytes", joined.len());
    assert_eq!(read_all(2, &joined).unwrap(), records);
    assert_eq!(read_all(2, &joined[..joined.len() - 1]), Err(Unreadable));
    for length in [0, 727, 733, u32::MAX] {
        let mut claimed = joined.clone();
        claimed[..4].copy_from_slice(&length.to_le_bytes());
        assert_eq!(read_all(2, &claimed), Err(Unreadable), "{length} bytes");
    }
}
