//! Who may reach a server, and who may do what there.

use std::env;
use std::fs;
use std::path::Path;

use stepwell_access::{Key, Keys, Policy, Principal, Secret};
use stepwell_api::{BindError, Options, Tls};

use crate::complaint::{Complaint, chain};
use crate::config::{AccessKey, Config, PolicyFrom, SecretFrom, keys};

const REMEDY: &str = "add [[access.keys]] with `id`, `secret-file` and `policy` to the \
                      configuration, or listen on 127.0.0.1";

/// Refuses an address that others can reach where whoever reaches it may do everything.
pub(super) fn check_address(config: &Config) -> Result<(), Complaint> {
    let address = config.address();
    if config.access_keys.is_empty() && !address.ip().is_loopback() {
        let error = format_args!(
            "{address} can be reached from elsewhere, and there are no access keys: everybody \
             could do everything"
        );
        return Err(Complaint::new(error).hint(REMEDY));
    }
    Ok(())
}

pub(super) fn options(config: &Config) -> Result<Options, Complaint> {
    let (names, tls) = (config.names(&keys::NAMES).to_vec(), tls(config)?);
    let account = config.text(&keys::ACCOUNT).unwrap_or_default();
    let mut complaint = Complaint::default();
    let mut known = Vec::new();
    for given in &config.access_keys {
        match key(given, account) {
            Ok(key) => known.push(key),
            Err(error) => complaint.push(format_args!("access key `{}`: {error}", given.id), None),
        }
    }
    complaint.into_result()?;
    let known = Keys::new(known).map_err(|error| Complaint::of(&error))?;
    let keys = (!known.is_empty()).then_some(known);
    Ok(Options { keys, names, tls, ..Options::default() })
}

pub(super) fn of_bind_error(error: &BindError) -> Complaint {
    let complaint = Complaint::of(error);
    match error {
        BindError::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse => {
            complaint.hint("another server has it; --address 127.0.0.1:PORT names another one")
        }
        BindError::Open(_) => complaint.hint(REMEDY),
        BindError::Listen { .. } | BindError::Name(_) => complaint,
    }
}

fn key(given: &AccessKey, account: &str) -> Result<Key, String> {
    let policy = match &given.policy {
        PolicyFrom::Inline(text) => Policy::parse(text).map_err(|error| chain(&error)),
        PolicyFrom::File(path) => read_text(path).and_then(|text| {
            Policy::parse(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)))
        }),
    };
    let principal = Principal::new(account, &given.user).map_err(|error| error.to_string())?;
    let (id, secret, session_token) = (given.id.clone(), secret(&given.secret)?, None);
    Ok(Key { id, secret, session_token, principal, policy: policy? })
}

fn secret(from: &SecretFrom) -> Result<Secret, String> {
    let (text, place) = match from {
        SecretFrom::File(path) => (read_text(path)?, path.display().to_string()),
        SecretFrom::Variable(name) => {
            let text = env::var(name).map_err(|error| format!("{name}: {error}"))?;
            (text, name.clone())
        }
    };
    match text.trim() {
        "" => Err(format!("{place} holds no secret")),
        secret => Ok(Secret::new(secret)),
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Both files, or neither.
fn tls(config: &Config) -> Result<Option<Tls>, Complaint> {
    let (certificate, key) =
        match (config.path(&keys::TLS_CERTIFICATE), config.path(&keys::TLS_KEY)) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) => return Ok(None),
            (Some(_), None) => {
                return Err(Complaint::new("there is a certificate without its key")
                    .hint("`server.tls.key` of the configuration, or --tls-key, names it"));
            }
            (None, Some(_)) => {
                return Err(Complaint::new("there is a key without its certificate").hint(
                    "`server.tls.certificate` of the configuration, or --tls-certificate, names it",
                ));
            }
        };
    let read = |path: &Path| {
        fs::read(path).map_err(|error| {
            Complaint::new(format_args!("cannot read {}: {error}", path.display()))
        })
    };
    let tls = Tls::from_pem(&read(certificate)?, &read(key)?);
    tls.map(Some).map_err(|error| Complaint::of(&error))
}
