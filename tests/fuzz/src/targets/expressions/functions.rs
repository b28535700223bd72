//! The functions of the language with the kinds of their arguments.

/// What an argument should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Any,
    Text,
    Number,
    /// A whole number that is small.
    Count,
    Boolean,
    Array,
    Numbers,
    Texts,
    Object,
    Objects,
    /// A function of the members of an array.
    Function,
    /// A function of two members, for sorting.
    Order,
    /// A function of what has been gathered and a member.
    Reducer,
    /// A function of the members of an object.
    MemberFunction,
    /// A text or a regular expression.
    Pattern,
    Regex,
    NumberPicture,
    DatePicture,
    IntegerPicture,
    Zone,
    Algorithm,
}

use Argument::{
    Algorithm, Any, Array, Boolean, Count, DatePicture, Function, IntegerPicture, MemberFunction,
    Number, NumberPicture, Numbers, Object, Objects, Order, Pattern, Reducer, Regex, Text, Texts,
    Zone,
};

/// A name, its arguments, and how many of them are needed.
pub(super) type Signature = (&'static str, &'static [Argument], usize);

/// What both implementations have, and whose results do not depend on time or chance.
pub(super) const SHARED: &[Signature] = &[
    ("sum", &[Numbers], 1),
    ("count", &[Array], 1),
    ("max", &[Numbers], 1),
    ("min", &[Numbers], 1),
    ("average", &[Numbers], 1),
    ("string", &[Any, Boolean], 1),
    ("substring", &[Text, Count, Count], 2),
    ("substringBefore", &[Text, Text], 2),
    ("substringAfter", &[Text, Text], 2),
    ("lowercase", &[Text], 1),
    ("uppercase", &[Text], 1),
    ("length", &[Text], 1),
    ("trim", &[Text], 1),
    ("pad", &[Text, Count, Text], 2),
    ("match", &[Text, Regex, Count], 2),
    ("contains", &[Text, Pattern], 2),
    ("replace", &[Text, Pattern, Text, Count], 3),
    ("split", &[Text, Pattern, Count], 2),
    ("join", &[Texts, Text], 1),
    ("formatBase", &[Count, Count], 1),
    ("formatInteger", &[Count, IntegerPicture], 2),
    ("formatNumber", &[Number, NumberPicture], 2),
    ("number", &[Any], 1),
    ("floor", &[Number], 1),
    ("ceil", &[Number], 1),
    ("round", &[Number, Count], 1),
    ("abs", &[Number], 1),
    ("sqrt", &[Number], 1),
    ("power", &[Count, Count], 2),
    ("boolean", &[Any], 1),
    ("not", &[Any], 1),
    ("map", &[Array, Function], 2),
    ("zip", &[Array, Array], 1),
    ("filter", &[Array, Function], 2),
    ("single", &[Array, Function], 1),
    ("reduce", &[Array, Reducer, Any], 2),
    ("sift", &[Object, MemberFunction], 2),
    ("keys", &[Any], 1),
    ("lookup", &[Any, Text], 2),
    ("append", &[Any, Any], 2),
    ("exists", &[Any], 1),
    ("spread", &[Any], 1),
    ("merge", &[Objects], 1),
    ("reverse", &[Array], 1),
    ("each", &[Object, MemberFunction], 2),
    ("type", &[Any], 1),
    ("sort", &[Array, Order], 1),
    ("distinct", &[Any], 1),
    ("base64encode", &[Text], 1),
    ("encodeUrlComponent", &[Text], 1),
    ("encodeUrl", &[Text], 1),
    ("decodeUrlComponent", &[Text], 1),
    ("fromMillis", &[Count, DatePicture, Zone], 1),
];

/// The rest: what only we have, and what depends on time or chance.
pub(super) const HOSTILE: &[Signature] = &[
    ("random", &[Number], 0),
    ("shuffle", &[Array], 1),
    ("error", &[Text], 0),
    ("assert", &[Boolean, Text], 1),
    ("parseInteger", &[Text, IntegerPicture], 2),
    ("base64decode", &[Text], 1),
    ("decodeUrl", &[Text], 1),
    ("toMillis", &[Text, DatePicture], 1),
    ("fromMillis", &[Number, DatePicture, Zone], 1),
    ("now", &[DatePicture, Zone], 0),
    ("millis", &[], 0),
    ("partition", &[Array, Number], 2),
    ("range", &[Number, Number, Number], 3),
    ("hash", &[Text, Algorithm], 2),
    ("uuid", &[], 0),
    ("parse", &[Text], 1),
    ("eval", &[Text], 1),
    ("formatNumber", &[Number, NumberPicture, Object], 2),
    ("formatInteger", &[Number, IntegerPicture], 2),
    ("formatBase", &[Number, Number], 1),
    ("power", &[Number, Number], 2),
    ("pad", &[Text, Number, Text], 2),
    ("replace", &[Text, Regex, MemberFunction, Count], 3),
];

pub(super) const NUMBER_PICTURES: &[&str] =
    &["0", "#", "0.00", "#,##0.00", "00.0#", "0%", "0‰", "0.0e0", "#;(#)", "#,##,#0", "000"];

pub(super) const DATE_PICTURES: &[&str] = &[
    "[Y0001]-[M01]-[D01]",
    "[H01]:[m01]:[s01].[f001]",
    "[D1o] [MNn] [Y]",
    "[FNn,3-3] [h#1][P] [Z]",
    "[W01] [w] [d001] [x]",
    "[YI] [Dwo]",
];

pub(super) const INTEGER_PICTURES: &[&str] =
    &["0", "000", "#,##0", "w", "W", "Ww", "I", "i", "a", "A", "0;o", "w;o"];

pub(super) const REGEXES: &[&str] = &[
    "/a/",
    "/a+/",
    "/(a)(b)?/i",
    "/[^a-c]/",
    "/\\s*,\\s*/",
    "/^.|.$/m",
    "/\\d+(\\.\\d+)?/",
    "/b|a/",
];

/// What backtracks, or matches nothing at all.
pub(super) const HOSTILE_REGEXES: &[&str] = &[
    "/(a+)+$/",
    "/(a*)*b/",
    "/(?=(a+))\\1b/",
    "/()/",
    "/(a|aa)+$/",
    "/\\b/",
    "/(.*)(.*)(.*)\\3x/",
];
