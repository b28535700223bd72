use proptest::prelude::*;

use super::{NameError, OwnNames, Refusal, Scheme};
use crate::request::Headers;

fn names() -> OwnNames {
    let others =
        ["Steps.example.org", "https://front.example.org", "https://front.example.org:8443"];
    OwnNames::new(Scheme::Http, 8083, others).unwrap()
}

fn headers<'a>(origin: &'a str, site: &'a str, host: &'a str) -> Headers<'a> {
    [("Origin", origin), ("Sec-Fetch-Site", site), ("Host", host)]
        .into_iter()
        .filter(|(_, value)| *value != "-")
        .map(|(name, value)| (name, value.as_bytes()))
        .collect()
}

fn foreign_origin(origin: &str) -> Result<(), Refusal> {
    Err(Refusal::Origin(origin.as_bytes().into()))
}

fn foreign_site(site: &str) -> Result<(), Refusal> {
    Err(Refusal::Site(site.as_bytes().into()))
}

fn foreign_host(host: &str) -> Result<(), Refusal> {
    Err(Refusal::Host(host.as_bytes().into()))
}

#[test]
fn whoever_is_no_browser_may_call_by_any_name() {
    for host in ["localhost:8083", "stepwell", "10.0.0.7:9000", "evil.example:8083", "-", "\u{e4}"]
    {
        assert_eq!(names().check_call(&headers("-", "-", host)), Ok(()), "{host}");
    }
}

#[test]
fn the_servers_own_pages_may_call() {
    for (origin, host) in [
        ("http://localhost:8083", "localhost:8083"),
        ("http://127.0.0.1:8083", "127.0.0.1:8083"),
        ("http://[::1]:8083", "[::1]:8083"),
        ("http://LOCALHOST:8083", "LocalHost:8083"),
        ("http://steps.example.org:8083", "steps.example.org:8083"),
        ("https://front.example.org", "front.example.org"),
        ("https://front.example.org:443", "front.example.org:443"),
        ("https://front.example.org:8443", "front.example.org:8443"),
        // Something in front of the server may call it by another of its names.
        ("https://front.example.org", "localhost:8083"),
    ] {
        for site in ["same-origin", "-"] {
            let headers = headers(origin, site, host);
            assert_eq!(names().check_call(&headers), Ok(()), "{origin} {host}");
            assert_eq!(names().check_page(&headers), Ok(()), "{origin} {host}");
        }
    }
    for site in ["none", "same-origin"] {
        assert_eq!(names().check_call(&headers("-", site, "localhost:8083")), Ok(()));
    }
}

#[test]
fn a_page_of_another_origin_is_refused() {
    for origin in [
        "null",
        "",
        "http://evil.example",
        "http://evil.example:8083",
        "http://localhost",
        "http://localhost:8084",
        "https://localhost:8083",
        "http://localhost:8083.evil.example",
        "http://evil.example/http://localhost:8083",
        "http://localhost:8083@evil.example",
        "http://user@localhost:8083",
        "http://localhost:8083/",
        "http://localhost:+8083",
        "http://localhost:73619",
        "http://[::1:8083",
        "http://[::2]:8083",
        "http://127.0.0.2:8083",
        "http://front.example.org",
        "ftp://localhost:8083",
        "localhost:8083",
        "file://",
        "http://localhost:8083, http://evil.example",
    ] {
        for site in ["-", "same-origin"] {
            let headers = headers(origin, site, "localhost:8083");
            assert_eq!(names().check_call(&headers), foreign_origin(origin));
            assert_eq!(names().check_page(&headers), foreign_origin(origin));
        }
    }
}

#[test]
fn a_page_of_another_site_is_refused() {
    for site in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none"] {
        let headers = headers("-", site, "localhost:8083");
        assert_eq!(names().check_call(&headers), foreign_site(site));
        assert_eq!(names().check_page(&headers), foreign_site(site));
    }
}

#[test]
fn a_page_that_had_its_name_resolve_here_is_refused() {
    for host in [
        "evil.example:8083",
        "evil.example",
        "localhost",
        "localhost:8084",
        "localhost:8083.evil.example",
        "localhost.:8083",
        "front.example.org:80",
        "steps.example.org",
        "",
    ] {
        // By its own account the page is of one origin with the server.
        let site = headers("-", "same-origin", host);
        assert_eq!(names().check_call(&site), foreign_host(host), "{host}");
        assert_eq!(names().check_page(&site), foreign_host(host), "{host}");
        // Without TLS, a GET of such a page tells nothing but the host.
        assert_eq!(names().check_page(&headers("-", "-", host)), foreign_host(host), "{host}");
    }
    let posted = headers("http://evil.example:8083", "-", "evil.example:8083");
    assert_eq!(names().check_call(&posted), foreign_origin("http://evil.example:8083"));
}

#[test]
fn an_own_origin_does_not_make_up_for_a_foreign_host() {
    let mixed = headers("http://localhost:8083", "same-origin", "evil.example:8083");
    assert_eq!(names().check_call(&mixed), foreign_host("evil.example:8083"));
}

#[test]
fn a_browsers_request_names_one_host() {
    assert_eq!(names().check_call(&headers("-", "none", "-")), Err(Refusal::NoHost));
    let own: &[u8] = b"localhost:8083";
    let twice =
        Headers::from_iter([("sec-fetch-site", b"none" as &[u8]), ("host", own), ("Host", own)]);
    assert_eq!(names().check_call(&twice), Err(Refusal::NoHost));
}

#[test]
fn every_repeated_header_has_to_hold() {
    let own: &[u8] = b"http://localhost:8083";
    let host: (&str, &[u8]) = ("host", b"localhost:8083");
    let origins = Headers::from_iter([("origin", own), ("Origin", b"null"), host]);
    assert_eq!(names().check_call(&origins), foreign_origin("null"));
    let sites: Headers<'_> =
        [("sec-fetch-site", b"none" as &[u8]), ("Sec-Fetch-Site", b"cross-site"), host]
            .into_iter()
            .collect();
    assert_eq!(names().check_call(&sites), foreign_site("cross-site"));
}

#[test]
fn the_default_port_may_be_left_out() {
    let names = OwnNames::new(Scheme::Https, 443, []).unwrap();
    assert_eq!(names.check_call(&headers("https://localhost", "-", "localhost")), Ok(()));
    assert_eq!(names.check_call(&headers("https://localhost:443", "-", "localhost:443")), Ok(()));
    assert_eq!(
        names.check_call(&headers("http://localhost", "-", "localhost")),
        foreign_origin("http://localhost")
    );
}

#[test]
fn what_is_no_name_is_refused_at_the_start() {
    for name in
        ["", "*", "a b", "ftp://a", "https://a/path", "http://", "a:8083", "https://a:x", "[::g]"]
    {
        let error = OwnNames::new(Scheme::Http, 8083, [name]).unwrap_err();
        assert_eq!(error, NameError(name.to_owned()));
    }
}

#[test]
fn refusals_say_what_to_do_and_show_nothing_raw() {
    assert_eq!(
        Refusal::Origin(b"http://evil.example\x1b[2J".as_slice().into()).to_string(),
        "a page of `http://evil.example\\x1b[2J` may not call this server; if the page is this \
         server's, add its origin to the server's names"
    );
    assert_eq!(
        Refusal::Site(b"cross-site".as_slice().into()).to_string(),
        "a page of another site may not call this server (Sec-Fetch-Site is `cross-site`); open \
         the server's own page instead"
    );
    let long = Refusal::Host([b'a'; 1000].into()).to_string();
    assert!(long.contains("aaa...` where a browser asks") && long.len() < 400, "{long}");
    assert_eq!(Refusal::HTTP_STATUS, 403);
}

proptest! {
    #[test]
    fn no_header_makes_the_server_panic(
        origin in prop::collection::vec(any::<u8>(), 0..30),
        host in r"[\[\]:a-z0-9\u{e4}]{0,12}",
    ) {
        let headers: Headers<'_> =
            [("origin", origin.as_slice()), ("host", host.as_bytes())].into_iter().collect();
        prop_assert!(names().check_call(&headers).is_err());
        let hosts: Headers<'_> = [("host", host.as_bytes())].into_iter().collect();
        prop_assert!(names().check_page(&hosts).is_err());
    }
}
