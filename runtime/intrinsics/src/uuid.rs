//! `States.UUID`.

use stepwell_value::Value;

/// A UUID of version 4: 122 random bits, and six that say so.
pub(crate) fn version_4(entropy: &mut dyn FnMut() -> u64) -> Value {
    let (high, low) = (entropy(), entropy());
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    Value::from(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    ))
}
