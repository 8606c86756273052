//! Requests and answers of JSON APIs, and what may be shown of an answer that is something else.

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{Client, Method, Request, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::{Answer, Error};

const EXCERPT_CHARS: usize = 120;
/// In a body that is nobody's envelope, a run of this many characters of a token's alphabet is masked.
const TOKEN_CHARS: usize = 16;
/// In a vendor's own sentence, whose ids (20 characters) are of use. Client secrets and tokens have 40 and more.
const SECRET_CHARS: usize = 32;

/// A successful answer that does not have the shape which the specification gives it.
///
/// The text names the place, never the value: the value may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("the answer is not what the specification says: {kind} ({place}line {line}, column {column})")]
pub struct DecodeError {
    place: String,
    line: usize,
    column: usize,
    kind: &'static str,
}

/// A request of a JSON API, with a body if there is one.
///
/// # Errors
/// See [`finish`].
pub fn json_request(
    client: &Client,
    method: Method,
    url: Url,
    authorization: HeaderValue,
    body: Option<&impl Serialize>,
) -> Result<Request, Error> {
    let request = client.request(method, url).header(AUTHORIZATION, authorization).header(ACCEPT, "application/json");
    finish(match body {
        Some(body) => request.json(body),
        None => request,
    })
}

/// Completes a request.
///
/// # Errors
/// When a header or URL that was put together is not valid, for instance a credential with a line break in it.
pub fn finish(request: RequestBuilder) -> Result<Request, Error> {
    request.build().map_err(|_| Error::InvalidCredential)
}

/// Decodes a successful answer.
///
/// # Errors
/// Names the place in the JSON.
pub fn decode<T: DeserializeOwned>(answer: &Answer) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_slice(&answer.body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!("at {path}, ") };
        let inner = error.inner();
        let kind = match inner.classify() {
            serde_json::error::Category::Data => "a member is missing or has another type",
            serde_json::error::Category::Eof => "it ends too early",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                "it is not JSON, as if a proxy or a login page had answered"
            }
        };
        DecodeError { place, line: inner.line(), column: inner.column(), kind }
    })
}

/// The beginning of a refusal's body in one line, with everything masked that could be a credential.
#[must_use]
pub fn excerpt(answer: &Answer) -> Option<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = mask(&words, TOKEN_CHARS, "-_+/=.~");
    let excerpt: String = masked.chars().take(EXCERPT_CHARS).collect();
    (!excerpt.is_empty()).then_some(excerpt)
}

/// A sentence of a vendor, with everything masked that is as long as a secret: an error may quote the request.
#[must_use]
pub fn masked(sentence: &str) -> String {
    mask(sentence, SECRET_CHARS, "-_")
}

/// Masks each run of at least `shortest` letters, digits and `others`.
fn mask(text: &str, shortest: usize, others: &str) -> String {
    let mut masked = String::new();
    let mut run = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() || others.contains(character) {
            run.push(character);
            continue;
        }
        masked.push_str(if run.len() >= shortest { "***" } else { &run });
        run.clear();
        masked.push(character);
    }
    masked.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_ids_and_loses_what_is_as_long_as_a_secret() {
        let said =
            "Bad secret 'DRUFXGF9XbLnS9k-Sla3x3POBiIxDreBCdZuFs5B' of druva_data_security_cloud 0oa72lrepvp4WqEET1d9.";
        assert_eq!(masked(said), "Bad secret '***' of druva_data_security_cloud 0oa72lrepvp4WqEET1d9.");
    }
}
