use super::*;

#[test]
fn dates_and_days_are_two_sides_of_one_thing() {
    for days in (-1_000_000..1_000_000).step_by(97) {
        let date = Civil::of_millis(days * DAY_MILLIS + 1);
        assert_eq!(days_of_civil(date.year, date.month, date.day), days);
        assert_eq!(date.milli, 1);
    }
    assert_eq!(days_of_civil(1970, 1, 1), 0);
    assert_eq!(days_of_civil(2000, 2, 29), 11_016);
    assert_eq!(days_of_civil(1999, 14, 29), 11_016);
}

#[test]
fn weeks_begin_on_monday_and_belong_to_most_of_their_days() {
    let date = |year, month, day| Civil::of_millis(days_of_civil(year, month, day) * DAY_MILLIS);
    for (year, month, day, week, belongs) in [
        (2018, 1, 1, 1, 0),
        (2016, 1, 3, 53, -1),
        (2016, 1, 4, 1, 0),
        (2014, 12, 29, 1, 1),
        (2014, 12, 28, 52, 0),
        (2020, 12, 31, 53, 0),
    ] {
        let date = date(year, month, day);
        assert_eq!((Period::Year.week(&date), Period::Year.belongs(&date)), (week, belongs));
    }
    assert_eq!(weekday(0), 4);
}
