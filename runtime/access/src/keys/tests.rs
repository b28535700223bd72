use super::{Key, KeyError, Keys, Principal, PrincipalError};
use crate::policy::Policy;
use crate::secret::Secret;

fn key(id: &str, policy: &str) -> Key {
    Key {
        id: id.to_owned(),
        secret: Secret::new("hush"),
        session_token: Some(Secret::new("hush")),
        principal: Principal::new("123456789012", "ada").unwrap(),
        policy: Policy::parse(policy).unwrap(),
    }
}

const READ: &str = r#"{"Statement":{"Effect":"Allow","Action":"states:Describe*","Resource":"*"}}"#;

#[test]
fn two_keys_of_one_id_are_refused() {
    let keys = Keys::new([key("A", READ), key("B", READ), key("A", READ)]);
    assert_eq!(keys.unwrap_err(), KeyError::Duplicate("A".to_owned()));
}

#[test]
fn an_id_that_no_request_could_name_is_refused() {
    for id in ["", "a/b", "a b", "\u{e4}", &"a".repeat(129)] {
        assert_eq!(Keys::new([key(id, READ)]).unwrap_err(), KeyError::Id(id.to_owned()));
    }
}

#[test]
fn a_secret_that_everybody_knows_is_refused() {
    let without_secret = Key { secret: Secret::new(""), ..key("A", READ) };
    let without_token = Key { session_token: Some(Secret::new("")), ..key("A", READ) };
    for key in [without_secret, without_token] {
        assert_eq!(Keys::new([key]).unwrap_err(), KeyError::EmptySecret("A".to_owned()));
    }
}

#[test]
fn keys_are_found_by_their_whole_id() {
    let keys = Keys::new([key("A", READ), key("AB", READ)]).unwrap();
    assert_eq!(keys.get("AB").unwrap().id, "AB");
    assert!(keys.get("a").is_none() && keys.get("").is_none());
    assert!(!keys.is_empty() && Keys::default().is_empty());
}

#[test]
fn a_key_may_do_what_its_policy_says() {
    let key = key("A", READ);
    assert_eq!(
        key.authorize("states:DescribeExecution", "arn:aws:states:r:1:execution:a:b"),
        Ok(())
    );
    assert_eq!(
        key.authorize("states:ListStateMachines", "*").unwrap_err().to_string(),
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: \
         states:ListStateMachines on resource: * because no identity-based policy allows the \
         states:ListStateMachines action"
    );
}

#[test]
fn the_debug_text_of_a_key_has_no_secret() {
    let shown = format!("{:?}", key("A", READ));
    assert!(shown.contains("Secret(..)") && !shown.contains("hush"), "{shown}");
}

#[test]
fn principals_are_users_of_an_account() {
    assert_eq!(
        Principal::new("123456789012", "a.da@x").unwrap().to_string(),
        "arn:aws:iam::123456789012:user/a.da@x"
    );
    for account in ["", "12345678901", "1234567890123", "12345678901a"] {
        let error = PrincipalError::Account(account.to_owned());
        assert_eq!(Principal::new(account, "ada").unwrap_err(), error);
    }
    for name in ["", "a/b", "a b", "\u{e4}", &"a".repeat(65)] {
        let error = PrincipalError::Name(name.to_owned());
        assert_eq!(Principal::new("123456789012", name).unwrap_err(), error);
    }
}
