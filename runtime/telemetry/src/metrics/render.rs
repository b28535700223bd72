//! The counts as text that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use stepwell_value::Str;

use super::{BOUNDS_MILLIS, COUNTERS, Group, HISTOGRAMS, Histogram, Machine};

type Machines = BTreeMap<Str, Arc<Machine>>;

pub(super) fn text(machines: &Machines) -> String {
    let mut text = String::new();
    write(&mut text, machines).expect("a string takes any text");
    text
}

fn write(out: &mut String, machines: &Machines) -> fmt::Result {
    for (counter, group, name) in COUNTERS {
        for (nth, (label, machine)) in shown(machines, group).enumerate() {
            if nth == 0 {
                writeln!(out, "# TYPE stepwell_{name}_total counter")?;
            }
            let count = machine.counted(counter);
            writeln!(out, "stepwell_{name}_total{{state_machine=\"{label}\"}} {count}")?;
        }
    }
    for (what, group, name) in HISTOGRAMS {
        for (nth, (label, machine)) in shown(machines, group).enumerate() {
            if nth == 0 {
                writeln!(out, "# TYPE stepwell_{name} histogram")?;
            }
            histogram(out, name, &label, &machine.histograms[what as usize])?;
        }
    }
    Ok(())
}

fn histogram(out: &mut String, name: &str, label: &Label<'_>, of: &Histogram) -> fmt::Result {
    // The sum is read first: it must not be ahead of the buckets.
    let sum = of.sum_micros.load(Ordering::Relaxed);
    let mut count = 0;
    for (nth, bucket) in of.buckets.iter().enumerate() {
        count += bucket.load(Ordering::Relaxed);
        write!(out, "stepwell_{name}_bucket{{state_machine=\"{label}\",le=\"")?;
        match BOUNDS_MILLIS.get(nth) {
            Some(millis) => write!(out, "{}", Seconds(millis * 1000))?,
            None => out.push_str("+Inf"),
        }
        writeln!(out, "\"}} {count}")?;
    }
    writeln!(out, "stepwell_{name}_sum{{state_machine=\"{label}\"}} {}", Seconds(sum))?;
    writeln!(out, "stepwell_{name}_count{{state_machine=\"{label}\"}} {count}")
}

fn shown(machines: &Machines, group: Group) -> impl Iterator<Item = (Label<'_>, &Machine)> {
    let shown = machines.iter().filter(move |(_, machine)| machine.shows(group));
    shown.map(|(name, machine)| (Label(name), &**machine))
}

/// Of so many microseconds.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if micros == 0 {
            return whole.fmt(f);
        }
        let fraction = format!("{micros:06}");
        write!(f, "{whole}.{}", fraction.trim_end_matches('0'))
    }
}

/// A label's value, with what would end it escaped.
struct Label<'a>(&'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}
