use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::keys;
use super::{AccessKey, Config, Flags, PolicyFrom, SecretFrom, Source};
use crate::complaint::Complaint;

fn load(file: &str, variables: &[(&str, &str)], flags: &Flags) -> Result<Config, Complaint> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stepwell.toml");
    std::fs::write(&path, file).unwrap();
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    let environment = |name: &str| variables.get(name).map(OsString::from);
    Config::of(&environment, Some(&path), flags)
}

/// What is said of a file, without the folder that it is in.
fn refusal(file: &str) -> String {
    let complaint = load(file, &[], &Flags::default()).unwrap_err();
    let text = complaint.to_string();
    let lines = text.lines().map(|line| line.split_once("stepwell.toml:").map_or(line, |(_, l)| l));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_is_meant() {
    let cases = [
        (
            "[server]\nadress = \"[::1]:1\"",
            "2: there is no key `server.adress`; is `server.address` meant?",
        ),
        ("[sever]\n", "1: there is no key `sever`; is `server` meant?"),
        ("[server.tsl]\nkey = 1", "1: there is no key `server.tsl`; is `server.tls` meant?"),
        (
            "\n\n[buckets]\nport = 1",
            "4: there is no key `buckets.port`\nhint: [buckets] may have buckets.directory",
        ),
        ("server = 5", "1: `server` is a table: [server]"),
        (
            "[server]\naddress = \"8083\"",
            "2: `server.address`: \"8083\" is not an address with a port, such as 127.0.0.1:8083",
        ),
        (
            "[server]\naddress = 8083",
            "2: `server.address`: integer 8083 is not an address with a port, such as 127.0.0.1:8083",
        ),
        (
            "[store]\nretention = \"a while\"",
            "2: `store.retention`: \"a while\" is not a duration, such as 30s, 5m, 12h or 90d",
        ),
        (
            "[store]\nretention = 90",
            "2: `store.retention`: integer 90 is not a duration, such as 30s, 5m, 12h or 90d",
        ),
        ("[server]\nnames = \"here\"", "2: `server.names`: string \"here\" is not a list of names"),
        ("[server]\nnames = [1]", "2: `server.names`: array here is not a list of names"),
        ("[store]\nfile = true", "2: `store.file`: boolean true is not a path"),
        ("[server]\nnames = [\n", "2: unclosed array, expected `]`"),
        ("access = 3", "1: `access` is a table: [access]"),
        ("[access]\nkeys = 3", "2: access keys are tables: [[access.keys]]"),
        ("[access]\nkeys = [3]", "2: an access key is a table: [[access.keys]]"),
    ];
    for (file, said) in cases {
        assert_eq!(refusal(file), said, "{file}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let said = refusal("[server]\nadress = 1\n[store]\nretention = 1\n");
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn an_access_key_is_whole_and_holds_no_secret() {
    let start = "[[access.keys]]\nid = \"AKID\"\n";
    let hint = "hint: `secret-file` names a file that holds it, `secret-env` a variable";
    let cases = [
        (
            "secret = \"x\"\npolicy = \"{}\"".to_owned(),
            format!("3: a secret does not belong into the configuration\n{hint}"),
        ),
        ("policy = \"{}\"".to_owned(), format!("1: the access key has no secret\n{hint}")),
        (
            "secret-env = \"A\"\nsecret-file = \"b\"\npolicy = \"{}\"".to_owned(),
            "3: the access key has two secrets; take one away".to_owned(),
        ),
        (
            "secret-env = \"A\"\npolicy = \"{}\"\npolicy-file = \"b\"".to_owned(),
            "4: the access key has two policies; take one away".to_owned(),
        ),
        (
            "secret-env = \"A\"\npolicy = 5".to_owned(),
            "4: `policy` is a policy document: a table, or JSON text".to_owned(),
        ),
        (
            "secret-env = \"\"\npolicy = \"{}\"".to_owned(),
            "3: `access.keys.secret-env` is a text that is not empty".to_owned(),
        ),
        (
            "secret_env = \"A\"\npolicy = \"{}\"".to_owned(),
            "3: there is no key `access.keys.secret_env`; is `access.keys.secret-env` meant?"
                .to_owned(),
        ),
    ];
    for (rest, said) in cases {
        assert_eq!(refusal(&format!("{start}{rest}")), said, "{rest}");
    }
    assert!(
        refusal(&format!("{start}secret-env = \"A\""))
            .starts_with("1: the access key has no policy")
    );
    let without_id = "[[access.keys]]\nsecret-env = \"A\"\npolicy = \"{}\"";
    assert_eq!(refusal(without_id), "1: the access key has no `id`");
}

#[test]
fn access_keys_are_read_with_where_their_secrets_are() {
    let file = "[[access.keys]]
id = \"AKID\"
secret-file = \"secret.txt\"
user = \"ada\"
policy = { Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\" }] }
[[access.keys]]
id = \"CI\"
secret-env = \"CI_SECRET\"
policy-file = \"/etc/ci.json\"
";
    let config = load(file, &[], &Flags::default()).unwrap();
    let folder = config.file.as_ref().unwrap().parent().unwrap();
    let policy = r#"{"Statement":[{"Effect":"Allow"}],"Version":"2012-10-17"}"#;
    let ada = AccessKey {
        id: "AKID".into(),
        user: "ada".into(),
        secret: SecretFrom::File(folder.join("secret.txt")),
        policy: PolicyFrom::Inline(policy.into()),
    };
    let ci = AccessKey {
        id: "CI".into(),
        user: "CI".into(),
        secret: SecretFrom::Variable("CI_SECRET".into()),
        policy: PolicyFrom::File("/etc/ci.json".into()),
    };
    assert_eq!(config.access_keys, [ada, ci]);
}

#[test]
fn flags_come_before_variables_before_the_file_before_defaults() {
    let file = "[store]\nretention = \"1d\"\nfile = \"of-file.db\"\n[buckets]\ndirectory = \"b\"";
    let variables =
        [("STEPWELL_RETENTION", "2d"), ("STEPWELL_STORE", "of-variable.db"), ("HOME", "/h")];
    let flags = Flags::default().text(&keys::RETENTION, Some(&"3d".to_owned()));
    let config = load(file, &variables, &flags).unwrap();
    let days = |days: u64| Some(Duration::from_hours(24 * days));
    assert_eq!(config.duration(&keys::RETENTION), days(3));
    assert_eq!(config.source(&keys::RETENTION), Some(Source::Flag));
    assert_eq!(config.path(&keys::STORE), Some(Path::new("of-variable.db")));
    let folder = config.file.as_ref().unwrap().parent().unwrap();
    assert_eq!(config.path(&keys::BUCKETS), Some(&*folder.join("b")));
    assert_eq!(config.source(&keys::BUCKETS), Some(Source::File(5)));
    assert_eq!(config.registry(), Path::new("registry"));
    assert_eq!(config.source(&keys::REGISTRY), Some(Source::Default));
    assert_eq!(config.path(&keys::CACHE), Some(Path::new("/h/.cache/stepwell")));
    assert_eq!(config.path(&keys::TLS_KEY), None);
}

#[test]
fn the_first_of_several_variables_counts() {
    let endpoint = |variables: &[(&str, &str)]| {
        let config = load("[client]\nendpoint = \"f\"", variables, &Flags::default()).unwrap();
        config.text(&keys::ENDPOINT).map(str::to_owned)
    };
    assert_eq!(endpoint(&[]).as_deref(), Some("f"));
    assert_eq!(endpoint(&[("AWS_ENDPOINT_URL", "c")]).as_deref(), Some("c"));
    let both = [("AWS_ENDPOINT_URL", "c"), ("AWS_ENDPOINT_URL_SFN", "b")];
    assert_eq!(endpoint(&both).as_deref(), Some("b"));
    let all = [both[0], both[1], ("STEPWELL_ENDPOINT", "a")];
    assert_eq!(endpoint(&all).as_deref(), Some("a"));
}

#[test]
fn a_bad_flag_and_a_bad_variable_are_named() {
    let flags = Flags::default().text(&keys::ADDRESS, Some(&"here".to_owned()));
    let variables = [("STEPWELL_RETENTION", "long")];
    let said = load("", &variables, &flags).unwrap_err().to_string();
    assert_eq!(
        said,
        "--address: \"here\" is not an address with a port, such as 127.0.0.1:8083\n\
         STEPWELL_RETENTION: \"long\" is not a duration, such as 30s, 5m, 12h or 90d"
    );
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let nowhere = Path::new("nowhere/stepwell.toml");
    let said = Config::of(&|_| None, Some(nowhere), &Flags::default()).unwrap_err().to_string();
    assert!(said.starts_with("cannot read the configuration nowhere/stepwell.toml: "), "{said}");
}

#[test]
fn what_is_shown_sets_the_same_and_says_where_it_comes_from() {
    let file = "[server]\nnames = [\"a\"]\n[store]\nretention = \"90d\"\n[[access.keys]]
id = \"AKID\"\nsecret-env = \"THE_SECRET\"\npolicy = '{\"Version\": \"2012-10-17\"}'\n";
    let variables = [("STEPWELL_ADDRESS", "[::1]:99"), ("THE_SECRET", "sesame")];
    let config = load(file, &variables, &Flags::default()).unwrap();
    let shown = config.to_toml();
    let place = config.file.as_ref().unwrap().display();
    for line in [
        "address = \"[::1]:99\"  # STEPWELL_ADDRESS".to_owned(),
        format!("names = [\"a\"]  # {place}:2"),
        format!("retention = \"90d\"  # {place}:4"),
        "express-retention = \"5m\"  # default".to_owned(),
        "# file is not set".to_owned(),
        "secret-env = \"THE_SECRET\"".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line:?} in\n{shown}");
    }
    assert!(!shown.contains("sesame"));
    let again = load(&shown, &[], &Flags::default()).unwrap();
    assert_eq!(again.address(), config.address());
    assert_eq!(again.duration(&keys::RETENTION), config.duration(&keys::RETENTION));
    assert_eq!(again.access_keys, config.access_keys);
}
