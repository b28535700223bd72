use super::*;
use crate::testing::check;

#[test]
fn separators_repeat_only_without_gaps() {
    assert_eq!(regular_repeat(&[3, 6, 9]), 3);
    assert_eq!(regular_repeat(&[3, 9]), 0);
    assert_eq!(regular_repeat(&[4]), 4);
    assert_eq!(regular_repeat(&[]), 0);
}

#[test]
fn integers_are_written_in_digits_letters_numerals_and_words() {
    check(&[
        ("$formatInteger(7, '000')", "\"007\""),
        ("$formatInteger(1234567, '#,##0')", "\"1,234,567\""),
        ("$formatInteger(1234567, '#:###,000')", "\"1:234,567\""),
        ("$formatInteger(12, '٠٠٠')", "\"٠١٢\""),
        ("$formatInteger(11, '1;o')", "\"11th\""),
        ("$formatInteger(22, '1;o')", "\"22nd\""),
        ("$formatInteger(28, 'A')", "\"AB\""),
        ("$formatInteger(1994, 'I')", "\"MCMXCIV\""),
        ("$formatInteger(-4, 'i')", "\"-iv\""),
        ("$formatInteger(1121, 'w')", "\"one thousand, one hundred and twenty-one\""),
        ("$formatInteger(30, 'Ww;o')", "\"Thirtieth\""),
        ("$formatInteger(1000000, 'W')", "\"ONE MILLION\""),
    ]);
}

#[test]
fn integers_are_read_from_what_is_written() {
    check(&[
        ("$parseInteger('1,234', '#,##0')", "1234"),
        ("$parseInteger('٠١٢', '٠٠٠')", "12"),
        ("$parseInteger('ab', 'a')", "28"),
        ("$parseInteger('MCMXCIV', 'I')", "1994"),
        ("$parseInteger('one thousand, one hundred and twenty-first', 'w')", "1121"),
        ("$parseInteger('22nd', '1;o')", "22"),
    ]);
    check(&[("[1..300][$parseInteger($formatInteger($, 'w'), 'w') != $]", "undefined")]);
    check(&[("[1..300][$parseInteger($formatInteger($, 'I'), 'I') != $]", "undefined")]);
}

#[test]
fn numbers_follow_their_pictures() {
    check(&[
        ("$formatNumber(12345.6, '#,###.00')", "\"12,345.60\""),
        ("$formatNumber(0.5, '#.##')", "\".5\""),
        ("$formatNumber(0.14, '01%')", "\"14%\""),
        ("$formatNumber(-6, '000;(000)')", "\"(006)\""),
        ("$formatNumber(-6, '$0.0 x')", "\"-$6.0 x\""),
        ("$formatNumber(1234.5678, '00.000e0')", "\"12.346e2\""),
        ("$formatNumber(0.234, '0.0e00')", "\"2.3e-01\""),
        ("$formatNumber(1234567.891, '#,##,##0.#,#')", "\"12,34,567.8,9\""),
        (
            "$formatNumber(1.5, '0,0', {'decimal-separator': ',', 'grouping-separator': '.'})",
            "\"1,5\"",
        ),
        ("$formatNumber(12, '٠٠٠', {'zero-digit': '٠'})", "\"٠١٢\""),
    ]);
}

#[test]
fn dates_follow_their_pictures() {
    let moment = "1517630706789"; // 2018-02-03T04:05:06.789Z, a Saturday
    for (picture, wanted) in [
        ("[Y]-[M]-[D]", "2018-2-3"),
        ("[Y0001]/[M01]/[D01]", "2018/02/03"),
        ("[Y,2-2]", "18"),
        ("[MNn], [MN,3-3], [Mn]", "February, FEB, february"),
        ("[FNn] [F1] [D1o] [Dwo]", "Saturday 6 3rd third"),
        ("[h]:[m] [P] [PN]", "4:05 am AM"),
        ("[H01][m][s].[f001]", "040506.789"),
        ("[d] [W] [w] [X] [xNn]", "34 5 1 2018 February"),
        ("[[[Y]]]", "[2018]"),
        ("[Z] [Z0] [z] [Z01:01t]", "+00:00 +0 GMT+00:00 Z"),
        ("[Y I]", "MMXVIII"),
        ("[C] [E]", "ISO ISO"),
    ] {
        let text = format!("$fromMillis({moment}, '{picture}')");
        check(&[(&text, &format!("\"{wanted}\""))]);
    }
    check(&[
        ("$fromMillis(0, '[Y]-[M]-[D] [H]:[m] [Z]', '-0500')", "\"1969-12-31 19:00 -05:00\""),
        ("$fromMillis(0, '[H]:[m]', '+0545')", "\"5:45\""),
    ]);
}

#[test]
fn dates_are_read_by_their_pictures() {
    check(&[
        ("$toMillis('3 Feb 2018', '[D] [MNn,3-3] [Y]') = $toMillis('2018-02-03')", "true"),
        ("$toMillis('2018-034', '[Y]-[d001]') = $toMillis('2018-02-03')", "true"),
        ("$toMillis('4:05 pm', '[h]:[m] [P]') = $toMillis('2018-02-03T16:05:00')", "true"),
        ("$toMillis('20180203', '[Y0001][M01][D01]') = $toMillis('2018-02-03')", "true"),
        (
            "$toMillis('2018-02-03 +01:30', '[Y]-[M]-[D] [Z]') = $toMillis('2018-02-02T22:30:00')",
            "true",
        ),
        ("$toMillis('third of February', '[Dwo] of [MNn]') = $toMillis('2018-02-03')", "true"),
        (
            "$toMillis('2018 03', '[Y] [D]')",
            "D3136: The date/time picture string is missing specifiers required to parse the timestamp",
        ),
    ]);
}
