//! Requests with the signatures that `botocore` 1.44.5 makes for them: another signer than the one
//! that the server calculates with.

use super::{BODY, ID, SIGNED_AT, Sent, instant, keys};

#[track_caller]
fn verified(sent: &Sent, token: Option<&str>) {
    let verified = sent.verify_at(&keys(token), instant(SIGNED_AT));
    assert_eq!(verified.unwrap(), "arn:aws:iam::123456789012:user/ada");
}

fn sent(region: &str, signed_headers: &str, signature: &str) -> Sent {
    let mut sent = Sent::unsigned();
    assert_eq!(sent.body, BODY.as_bytes());
    sent.set("X-Amz-Date", SIGNED_AT);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={ID}/20150830/{region}/states/aws4_request, \
         SignedHeaders={signed_headers}, Signature={signature}"
    );
    sent.set("Authorization", authorization);
    sent
}

#[test]
fn a_call_of_the_command_line_is_verified() {
    let signature = "d1c692f6469d4f2d22839813d9409f16aeb53dfde86fec4e822b7aaa8c606c9f";
    verified(&sent("us-east-1", "content-type;host;x-amz-date;x-amz-target", signature), None);
}

#[test]
fn spaces_inside_and_around_a_value_are_folded() {
    let signature = "c5d0fc4d9a298cf96554a570743d320fae201078fbf138b43d384cb8cb565dd0";
    let names = "content-type;host;x-amz-date;x-amz-meta;x-amz-target";
    let mut sent = sent("us-east-1", names, signature);
    sent.set("X-Amz-Meta", "  a   b  c ");
    verified(&sent, None);
}

#[test]
fn a_path_and_a_query_with_escapes_in_another_region_are_verified() {
    let signature = "2f1e1fbd1eddd2415462eb8db2f976cc843dc5d5856d5a56cd621dbd785d783f";
    let names = "content-type;host;x-amz-date;x-amz-target";
    let mut sent = sent("eu-central-1", names, signature);
    (sent.path, sent.query) = ("/a%20b/c".to_owned(), "z=1&a=%20x&b=".to_owned());
    verified(&sent, None);
}

#[test]
fn a_call_within_a_session_is_verified() {
    let signature = "fc2d92922eca2458740cd331e395d5e4e79e46c4a5fbb0f141ba88a0a66f3d37";
    let names = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    let mut sent = sent("us-east-1", names, signature);
    sent.set("X-Amz-Security-Token", "SESSION+TOKEN==");
    verified(&sent, Some("SESSION+TOKEN=="));
}

#[test]
fn a_date_header_stands_in_for_the_date_of_the_signature() {
    let signature = "9e588f372d070e59c1939877f95da7179e480a727372c35379a57691a52259cf";
    let mut sent = sent("us-east-1", "content-type;date;host;x-amz-target", signature);
    sent.remove("X-Amz-Date");
    sent.set("Date", "Sun, 30 Aug 2015 12:36:00 -0000");
    verified(&sent, None);
    sent.set("Date", "Sun, 30 Aug 2015 12:36:01 -0000");
    assert!(sent.verify().is_err());
}

#[test]
fn a_signed_hash_of_the_body_is_verified() {
    let signature = "d5ea70cd99884440df64d9dedec5ceb44d796a656ed3fdb06934b8a10d727b4e";
    let names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target";
    let mut sent = sent("us-east-1", names, signature);
    let hash = "8a674a9174e214e025db4d1fd7f8d3b87a07ec91f54cff49e9d12bd56f0a10da";
    sent.set("X-Amz-Content-SHA256", hash);
    verified(&sent, None);
}
