//! Reports of those who were given a task token.

use stepwell::Failure;
use stepwell_value::{Object, Payload};

use crate::api::{Answer, Api, PAYLOAD_BYTES_MAX};
use crate::exception::Exception;
use crate::request::Request;

const TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 1..=2048;

pub(super) async fn success(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let token = asked.required_secret("taskToken", TOKEN_LENGTH);
    let output = asked.required("output");
    request.finish()?;
    drop(request);
    let output = output_of(&output)?;
    api.stepwell().report_token(&token, Ok(output)).await?;
    Ok(Object::new())
}

fn output_of(text: &str) -> Result<Payload, Exception> {
    if text.len() > PAYLOAD_BYTES_MAX {
        let message = format!("Invalid Output: 'output is longer than {PAYLOAD_BYTES_MAX} bytes'");
        return Err(Exception::new("InvalidOutput", message));
    }
    Payload::parse(text).map_err(|_malformed| {
        let reason = stepwell_asl::malformed(text).unwrap_or_default();
        Exception::new("InvalidOutput", format!("Invalid Output: '{reason}'"))
    })
}

pub(super) async fn failure(api: &Api, request: Request) -> Answer {
    let asked = request.members();
    let token = asked.required_secret("taskToken", TOKEN_LENGTH);
    let error = asked.secret("error", 0..=256);
    let cause = asked.secret("cause", 0..=32_768);
    request.finish()?;
    drop(request);
    api.stepwell().report_token(&token, Err(Failure { error, cause })).await?;
    Ok(Object::new())
}

pub(super) async fn heartbeat(api: &Api, request: Request) -> Answer {
    let token = request.members().required_secret("taskToken", TOKEN_LENGTH);
    request.finish()?;
    drop(request);
    api.stepwell().heartbeat_token(&token).await?;
    Ok(Object::new())
}
