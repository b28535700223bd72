//! Every scenario once, shortly: `cargo xtask soak` takes longer.

use std::process::Command;

/// Plays a scenario with a seed of its own, so that a failure comes with it again.
#[track_caller]
fn play(arguments: &[&str]) {
    let program = Command::new(env!("CARGO_BIN_EXE_stepwell-soak")).args(arguments).output();
    let output = program.unwrap_or_else(|error| panic!("the program does not run: {error}"));
    let told = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {}\n{told}{complained}", output.status);
    assert!(told.contains("nothing is wrong"), "{told}");
}

#[test]
fn a_killed_engine_loses_nothing_and_does_nothing_twice() {
    play(&["--scenario", "kill", "--kills", "15", "--seed", "1"]);
}

#[test]
fn a_full_disk_costs_nothing_but_time() {
    play(&["--scenario", "full-disk", "--seed", "2"]);
}

#[test]
fn a_torn_log_costs_what_was_torn_off() {
    play(&["--scenario", "torn-tail", "--kills", "50", "--seed", "3"]);
}

#[test]
fn damage_is_told_and_stays_with_what_is_damaged() {
    play(&["--scenario", "damage", "--seed", "4"]);
}

#[test]
fn what_the_command_line_means_is_told() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stepwell-soak"));
    let output =
        program.args(["--scenario", "x"]).output().unwrap_or_else(|error| panic!("{error}"));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(complained.contains("there is no scenario x"), "{complained}");
    assert_eq!(output.status.code(), Some(2));
}
