//! Manifests as people write them, and what is said about the wrong ones.

use super::*;

const WHOLE: &str = r#"
description = "Makes thumbnails"
idempotent = true

[aliases]
prod = "1.2.0"

[capabilities.environment]
STAGE = "test"
API_KEY = { from = "PHOTO_API_KEY" }

[[capabilities.directories]]
guest = "/photos"
host = "../photos"
access = "read"

[[capabilities.directories]]
guest = "/thumbnails"
host = "/srv/thumbnails"
access = "write"

[limits]
timeout_seconds = 2.5
memory_mib = 64
"#;

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = Manifest::parse(text).expect_err(text).to_string();
    assert!(error.contains(expected), "`{text}` gave: {error}");
}

#[test]
fn a_whole_manifest_is_read() {
    let manifest = Manifest::parse(WHOLE).unwrap();
    assert_eq!(manifest.description.as_deref(), Some("Makes thumbnails"));
    assert!(manifest.idempotent);
    assert_eq!(manifest.aliases["prod"].as_str(), "1.2.0");
    let Capabilities { environment, directories } = &manifest.capabilities;
    assert_eq!(environment["STAGE"], EnvironmentValue::Literal("test".into()));
    assert_eq!(environment["API_KEY"], EnvironmentValue::FromHost("PHOTO_API_KEY".into()));
    assert_eq!(directories[0].access, Access::Read);
    assert_eq!(directories[1].guest, "/thumbnails");
    assert_eq!(directories[1].host, PathBuf::from("/srv/thumbnails"));
    assert_eq!(directories[1].access, Access::Write);
}

#[test]
fn limits_replace_the_defaults_one_by_one() {
    let defaults = Limits::default();
    let limits = Manifest::parse(WHOLE).unwrap().limits(&defaults);
    assert_eq!(limits.timeout, Duration::from_millis(2500));
    assert_eq!(limits.memory_bytes, 64 << 20);
    assert_eq!(limits.output_bytes, defaults.output_bytes);
    assert_eq!(limits.log_bytes, defaults.log_bytes);
}

#[test]
fn an_empty_manifest_asks_for_nothing() {
    let manifest = Manifest::parse("").unwrap();
    assert_eq!(manifest, Manifest::default());
    assert_eq!(manifest.limits(&Limits::default()), Limits::default());
    assert!(!manifest.idempotent);
}

#[test]
fn only_a_writable_directory_makes_a_task_impure() {
    let capabilities = |access: &str| {
        let text = format!(
            "[capabilities]\nenvironment = {{ A = \"b\" }}\n[[capabilities.directories]]\n\
             guest = \"/d\"\nhost = \"/d\"\naccess = \"{access}\""
        );
        Manifest::parse(&text).unwrap().capabilities
    };
    assert!(Capabilities::default().is_pure());
    assert!(capabilities("read").is_pure());
    assert!(!capabilities("write").is_pure());
}

#[test]
fn what_a_task_can_do_follows_from_what_it_may_touch() {
    let effect = |access: &str, idempotent: bool| {
        let directory = format!("{{ guest = \"/d\", host = \"d\", access = \"{access}\" }}");
        let text =
            format!("idempotent = {idempotent}\n[capabilities]\ndirectories = [{directory}]");
        Manifest::parse(&text).unwrap().effect()
    };
    assert_eq!(Manifest::default().effect(), Effect::None);
    assert_eq!(effect("read", false), Effect::None);
    assert_eq!(effect("write", false), Effect::Once);
    assert_eq!(effect("write", true), Effect::Repeatable);
}

#[test]
fn an_unknown_key_is_refused_with_the_key_that_was_meant() {
    check_refused("desciption = \"x\"", "unknown key `desciption`; is `description` meant?");
    check_refused("[limits]\nmemory_mb = 1", "`limits.memory_mb`; is `limits.memory_mib` meant?");
    check_refused("[capabilities.enviroment]", "is `capabilities.environment` meant?");
    check_refused("[capabilities]\nnetwork = 1", "the keys here are `capabilities.environment`");
    check_refused(
        "[capabilities.environment]\nA = { form = \"B\" }",
        "`capabilities.environment.A.form`; is `capabilities.environment.A.from` meant?",
    );
    check_refused(
        "[[capabilities.directories]]\npath = \"x\"",
        "unknown key `capabilities.directories.path`",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused_where_it_stands() {
    check_refused("idempotent = 1", "TOML parse error at line 1");
    check_refused("[limits]\nmemory_mib = -1", "line 2");
    check_refused("[capabilities.environment]\nA = 1", "{ from = \"HOST_VARIABLE\" }");
    check_refused(
        "[[capabilities.directories]]\nguest = \"/a\"\nhost = \"a\"\naccess = \"rw\"",
        "unknown variant `rw`, expected `read` or `write`",
    );
    check_refused("limits = ", "TOML parse error");
}

#[test]
fn limits_have_a_range() {
    check_refused("[limits]\ntimeout_seconds = 0", "`limits.timeout_seconds` is 0");
    check_refused("[limits]\ntimeout_seconds = nan", "`limits.timeout_seconds` is NaN");
    check_refused("[limits]\ntimeout_seconds = 1e300", "at most 86400");
    check_refused("[limits]\nmemory_mib = 1025", "is 1025, but has to be above 0 and at most 1024");
    check_refused("[limits]\noutput_kib = 0", "`limits.output_kib` is 0");
    check_refused("[limits]\nlog_kib = 1000000", "`limits.log_kib` is 1000000");
    Manifest::parse("[limits]\nmemory_mib = 1024").expect("the maximum itself is allowed");
}

#[test]
fn impossible_grants_are_refused() {
    let directory = |guest: &str, host: &str| {
        format!(
            "[[capabilities.directories]]\nguest = \"{guest}\"\nhost = \"{host}\"\n\
             access = \"read\"\n"
        )
    };
    for guest in ["photos", "/a/../b", "/a/", "//", "", "/."] {
        check_refused(&directory(guest, "x"), &format!("guest path `{guest}` has to be absolute"));
    }
    check_refused(&directory("/a", ""), "the host path of `/a` is empty");
    check_refused(&directory("/a", "x").repeat(2), "guest path `/a` is granted twice");
    check_refused("[capabilities.environment]\n\"A=B\" = \"x\"", "cannot be a variable's name");
    check_refused("[capabilities.environment]\nA = \"\\u0000\"", "holds a NUL character");
    Manifest::parse(&directory("/", "x")).expect("the root itself may be granted");
}

#[test]
fn aliases_name_versions() {
    check_refused("[aliases]\nprod = \"latest\"", "alias `prod` names `latest`");
    check_refused("[aliases]\n\"a b\" = \"1\"", "alias `a b` has to consist of");
}
