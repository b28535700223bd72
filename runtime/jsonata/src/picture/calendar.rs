//! The Gregorian calendar in UTC, in both directions, and weeks after ISO 8601.

pub(crate) const DAY_MILLIS: i64 = 86_400_000;

/// A moment, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub year: i64,
    /// From 1.
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub milli: i64,
}

impl Civil {
    pub(crate) fn of_millis(millis: i64) -> Self {
        let (days, rest) = (millis.div_euclid(DAY_MILLIS), millis.rem_euclid(DAY_MILLIS));
        let (year, month, day) = civil_of_days(days);
        Self {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            milli: rest % 1000,
        }
    }
}

/// The days from 1970-01-01 to a date. Months and days may lie outside of their range.
pub(crate) fn days_of_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    // The year starts in March here, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_of_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Monday is 1 and Sunday 7.
pub(crate) fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7) + 1
}

/// The Monday of the first week that has at least four days in the month.
fn first_week(year: i64, month: i64) -> i64 {
    let first = days_of_civil(year, month, 1);
    let weekday = weekday(first);
    if weekday > 4 { first + 8 - weekday } else { first - weekday + 1 }
}

/// A period of weeks: a year or a month.
#[derive(Clone, Copy)]
pub(crate) enum Period {
    Year,
    Month,
}

impl Period {
    /// The start of the period's first week, so many periods from the one of the date.
    fn start(self, date: &Civil, offset: i64) -> i64 {
        match self {
            Self::Year => first_week(date.year + offset, 1),
            Self::Month => first_week(date.year, date.month + offset),
        }
    }

    /// How many periods away the week of the date belongs: -1, 0 or 1.
    pub(crate) fn belongs(self, date: &Civil) -> i64 {
        let today = days_of_civil(date.year, date.month, date.day);
        if today < self.start(date, 0) { -1 } else { i64::from(today >= self.start(date, 1)) }
    }

    /// The number of the week within the period to which it belongs.
    pub(crate) fn week(self, date: &Civil) -> i64 {
        let today = days_of_civil(date.year, date.month, date.day);
        (today - self.start(date, self.belongs(date))).div_euclid(7) + 1
    }
}

#[cfg(test)]
mod tests;
