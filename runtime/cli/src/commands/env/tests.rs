use super::words;
use crate::arguments::EnvShell;
use crate::config::{Config, Flags};

#[test]
fn every_shell_gets_its_own_words() {
    let variables = [("NAME", "it's a \\".to_owned())];
    let config = Config::load(None, &Flags::default()).unwrap();
    let first = |shell| words(&variables, &config, shell).lines().next().unwrap().to_owned();
    assert_eq!(first(EnvShell::Sh), r"export NAME='it'\''s a \'");
    assert_eq!(first(EnvShell::Fish), r"set -gx NAME 'it\'s a \\'");
    assert_eq!(first(EnvShell::Powershell), r"$Env:NAME = 'it''s a \'");
    assert_eq!(first(EnvShell::Json), r#"{"NAME":"it's a \\"}"#);
}
