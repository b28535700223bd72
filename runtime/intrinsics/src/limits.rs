//! How much is too much: for the text of a call, and for what the functions take and make.

/// How long the text of a call may be, in bytes. A payload may not be longer either.
pub const LENGTH_MAX: usize = 256 * 1024;

/// How many functions one call may hold, itself included (the service's quota).
pub const FUNCTIONS_MAX: usize = 10;

/// How many arguments a call may have, those of the calls inside it included.
pub const ARGUMENTS_MAX: usize = 1000;

/// How many numbers `States.ArrayRange` gives at most (the service's quota).
pub const RANGE_ITEMS_MAX: usize = 1000;

/// How large an array `States.ArrayPartition` takes, in bytes of JSON (the service's quota).
pub const PARTITION_BYTES_MAX: usize = 256 * 1024;

/// How much JSON `States.ArrayUnique` compares.
pub const UNIQUE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long a text may be that is encoded, decoded or hashed, in UTF-16 units as Java counts
/// characters (the service's quota).
pub const TEXT_CHARACTERS_MAX: usize = 10_000;

/// How long a text `States.Format` and `States.JsonToString` make, in bytes: more than any payload
/// may hold.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;
