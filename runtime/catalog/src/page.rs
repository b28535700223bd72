//! Lists, a page at a time.
//!
//! A token holds where the next page begins, so that nothing has to be remembered between two
//! calls. Whoever adds or removes an item in between does not disturb the others.

use std::fmt::Write as _;
use std::ops::Bound;

use sha2::{Digest as _, Sha256};
use stepwell_asl::Timestamp;
use stepwell_value::Str;

use crate::constraint::Constraints;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// How long a `nextToken` of this crate's own lists may be.
pub(crate) const TOKEN_LENGTH_MAX: usize = 1024;
const SUM_BYTES: usize = 8;

/// `maxResults` and `nextToken`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    pub max_results: Option<i64>,
    pub next_token: Option<Str>,
}

impl PageRequest {
    /// Looks at both members, among others of the request.
    pub fn check(&self, constraints: &mut Constraints, limits: &Limits, token_length_max: usize) {
        let items_max = i64::try_from(limits.page_items_max).unwrap_or(i64::MAX);
        constraints.value("maxResults", self.max_results.unwrap_or(0), 0..=items_max);
        if let Some(token) = &self.next_token {
            constraints.length("nextToken", token, 1..=token_length_max);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_token: Option<Str>,
}

/// A checked request for a page of one certain list.
///
/// Every item has a key that is its alone, and the list is in some order of its keys. Whoever has
/// the list takes the items behind [`Pager::after`], one more than [`Pager::items_max`], and gives
/// them to [`Pager::page`].
#[derive(Debug)]
pub struct Pager<'a> {
    /// What is listed: a token is good for one list only.
    subject: &'a str,
    now: Timestamp,
    items_max: usize,
    /// The key of the last item before this page.
    after: Option<Str>,
}

impl<'a> Pager<'a> {
    /// The subject says which list it is, with everything that chooses its items: a token that was
    /// issued for another subject is refused.
    pub fn new(
        request: &PageRequest,
        subject: &'a str,
        now: Timestamp,
        limits: &Limits,
        token_length_max: usize,
    ) -> Result<Self, Refusal> {
        let mut constraints = Constraints::default();
        request.check(&mut constraints, limits, token_length_max);
        constraints.finish()?;
        let items_max = match usize::try_from(request.max_results.unwrap_or(0)) {
            Ok(0) | Err(_) => limits.page_items_default,
            Ok(asked) => asked,
        };
        let after = match &request.next_token {
            Some(token) => {
                let (issued_at, after) = read_token(token, subject).ok_or(Refusal::InvalidToken)?;
                if now.saturating_since(issued_at) > limits.token_lifetime {
                    return Err(Refusal::InvalidToken);
                }
                Some(after)
            }
            None => None,
        };
        Ok(Self { subject, now, items_max, after })
    }

    /// The key behind which the page begins.
    pub fn after(&self) -> Option<&Str> {
        self.after.as_ref()
    }

    /// How many items the page has at most.
    pub fn items_max(&self) -> usize {
        self.items_max
    }

    pub(crate) fn lower_bound(&self) -> Bound<&str> {
        self.after.as_ref().map_or(Bound::Unbounded, |key| Bound::Excluded(&**key))
    }

    /// The page, from what comes behind [`Self::after`] in the list's order.
    pub fn page<T>(&self, rest: impl Iterator<Item = (Str, T)>) -> Page<T> {
        self.page_within(rest, usize::MAX, |_| 0)
    }

    /// The same, but the page ends early rather than being larger than so many bytes. It has one
    /// item at least, if there is any.
    pub fn page_within<T>(
        &self,
        rest: impl Iterator<Item = (Str, T)>,
        bytes_max: usize,
        bytes: impl Fn(&T) -> usize,
    ) -> Page<T> {
        let mut rest = rest.peekable();
        let mut items = Vec::new();
        let mut last = None;
        let mut room = bytes_max;
        while let Some((key, item)) = rest.next_if(|(_, item)| {
            items.len() < self.items_max && (items.is_empty() || bytes(item) <= room)
        }) {
            room = room.saturating_sub(bytes(&item));
            items.push(item);
            last = Some(key);
        }
        let next_token = last.filter(|_| rest.peek().is_some());
        let next_token = next_token.map(|key| write_token(self.subject, self.now, &key).into());
        Page { items, next_token }
    }
}

/// Hexadecimal digits of a check sum, the time of issue and the key.
fn write_token(subject: &str, issued_at: Timestamp, after: &str) -> String {
    let mut bytes = issued_at.unix_millis().to_be_bytes().to_vec();
    bytes.extend(after.as_bytes());
    let mut token = String::new();
    for byte in sum(subject, &bytes).iter().chain(&bytes) {
        write!(token, "{byte:02x}").expect("a string takes everything");
    }
    token
}

fn read_token(token: &str, subject: &str) -> Option<(Timestamp, Str)> {
    if !token.len().is_multiple_of(2) || !token.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..token.len()).step_by(2).map(|at| token.get(at..at + 2));
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    let bytes = bytes?;
    let (found, content) = bytes.split_at_checked(SUM_BYTES)?;
    if found != sum(subject, content) {
        return None;
    }
    let (millis, after) = content.split_first_chunk()?;
    let issued_at = Timestamp::from_unix_millis(i64::from_be_bytes(*millis));
    Some((issued_at, std::str::from_utf8(after).ok()?.into()))
}

fn sum(subject: &str, content: &[u8]) -> [u8; SUM_BYTES] {
    let mut hash = Sha256::new();
    hash.update(subject.len().to_be_bytes());
    hash.update(subject);
    hash.update(content);
    let whole: [u8; 32] = hash.finalize().into();
    *whole.first_chunk().expect("a hash is longer")
}

#[cfg(test)]
mod tests;
