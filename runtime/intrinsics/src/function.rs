//! The functions by name, and how many arguments each of them takes.

use std::fmt;
use std::ops::RangeInclusive;

/// One of the intrinsic functions. Prints its name, such as `States.Format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

impl Function {
    pub const ALL: [Self; 18] = [
        Self::Array,
        Self::ArrayContains,
        Self::ArrayGetItem,
        Self::ArrayLength,
        Self::ArrayPartition,
        Self::ArrayRange,
        Self::ArrayUnique,
        Self::Base64Decode,
        Self::Base64Encode,
        Self::Format,
        Self::Hash,
        Self::JsonMerge,
        Self::JsonToString,
        Self::MathAdd,
        Self::MathRandom,
        Self::StringSplit,
        Self::StringToJson,
        Self::Uuid,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Array => "States.Array",
            Self::ArrayContains => "States.ArrayContains",
            Self::ArrayGetItem => "States.ArrayGetItem",
            Self::ArrayLength => "States.ArrayLength",
            Self::ArrayPartition => "States.ArrayPartition",
            Self::ArrayRange => "States.ArrayRange",
            Self::ArrayUnique => "States.ArrayUnique",
            Self::Base64Decode => "States.Base64Decode",
            Self::Base64Encode => "States.Base64Encode",
            Self::Format => "States.Format",
            Self::Hash => "States.Hash",
            Self::JsonMerge => "States.JsonMerge",
            Self::JsonToString => "States.JsonToString",
            Self::MathAdd => "States.MathAdd",
            Self::MathRandom => "States.MathRandom",
            Self::StringSplit => "States.StringSplit",
            Self::StringToJson => "States.StringToJson",
            Self::Uuid => "States.UUID",
        }
    }

    /// How many arguments the function takes.
    pub fn arity(self) -> RangeInclusive<usize> {
        match self {
            Self::Uuid => 0..=0,
            Self::ArrayLength
            | Self::ArrayUnique
            | Self::Base64Decode
            | Self::Base64Encode
            | Self::JsonToString
            | Self::StringToJson => 1..=1,
            Self::ArrayContains
            | Self::ArrayGetItem
            | Self::ArrayPartition
            | Self::Hash
            | Self::MathAdd
            | Self::StringSplit => 2..=2,
            Self::MathRandom => 2..=3,
            Self::ArrayRange | Self::JsonMerge => 3..=3,
            Self::Array => 0..=usize::MAX,
            Self::Format => 1..=usize::MAX,
        }
    }

    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// The function of that name in whatever case, for a hint.
    pub(crate) fn like(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
