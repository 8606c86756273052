//! Requests and answers of JSON APIs, and what may be shown of an answer that is something else.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use reqwest::{Client, Method, Request, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::error::Error;
use super::response::Response;
use crate::redaction::{checked, redact, redact_page};

const EXCERPT_CHARS: usize = 120;
/// A member with a longer name is none of ours.
const LONGEST_NAME: usize = 32;

/// A successful answer that does not have the shape which the specification gives it.
///
/// The text continues "the answer": it names the place and shows how the answer begins, without any value, which may be a
/// secret.
#[derive(Debug, thiserror::Error)]
#[error("is not what the specification says: {kind} ({place}line {line}, column {column}). It begins: {start}")]
pub struct DecodeError {
    place: String,
    line: usize,
    column: usize,
    kind: String,
    start: String,
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

/// An id as one segment of a path, whatever it holds: one from a damaged state must not lead elsewhere on the server.
pub fn segment(id: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    // A URL takes dots for a step up, encoded or not.
    if matches!(id, "." | "..") { format!("-{encoded}") } else { encoded }
}

/// Completes a request.
///
/// # Errors
/// When a header or URL that was put together is not valid, for instance a credential with a line break in it.
pub fn finish(request: RequestBuilder) -> Result<Request, Error> {
    request.build().map_err(|_| Error::InvalidCredential)
}

/// The same request, which says that its body is empty where a server expects one: Okta answers 411 to a POST or PUT with
/// neither a body nor a length, and over HTTP/1.1 nobody adds the length of a body that is not there. `[docs]`
pub(super) fn with_length(mut request: Request) -> Request {
    if request.body().is_none() && matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request
}

/// Decodes a successful answer.
///
/// # Errors
/// Names the place in the JSON.
pub fn decode<T: DeserializeOwned>(answer: &Response) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_slice(&answer.body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // The names of members are the server's too.
        let path = redact(&error.path().to_string());
        let place = if path == "." { String::new() } else { format!("at {path}, ") };
        let inner = error.inner();
        let kind = match inner.classify() {
            serde_json::error::Category::Data => checked::reason(inner)
                .map_or_else(|| "a member is missing or has another type".to_owned(), |unfit| unfit.to_string()),
            serde_json::error::Category::Eof => "it ends too early".to_owned(),
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                "it is not JSON, as if a proxy or a login page had answered".to_owned()
            }
        };
        DecodeError { place, line: inner.line(), column: inner.column(), kind, start: start(answer) }
    })
}

/// How a successful answer begins, in one line. Of JSON only the names of members are shown: half a secret may be the
/// last thing that arrived, and is too short to be recognized as one.
fn start(answer: &Response) -> String {
    match answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "(nothing)".to_owned(),
        Some(b'{' | b'[' | b'"') => redact(&outline(&String::from_utf8_lossy(&answer.body))),
        Some(_) => excerpt(answer).unwrap_or_default(),
    }
}

/// The beginning of JSON, damaged or not, with `…` for each text that is not the name of a member.
fn outline(json: &str) -> String {
    let mut outline = String::new();
    let mut rest = json;
    while let Some(character) = rest.chars().next().filter(|_| outline.chars().count() < EXCERPT_CHARS) {
        rest = &rest[character.len_utf8()..];
        match character {
            '"' => {
                let text = rest;
                let mut escaped = false;
                let end = text.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let (inside, after) = end.map_or((text, ""), |end| (&text[..end], &text[end + 1..]));
                let is_name = end.is_some() && after.trim_start().starts_with(':') && inside.len() < LONGEST_NAME;
                outline.push_str(&if is_name { format!("\"{inside}\"") } else { "…".to_owned() });
                rest = after;
            }
            // What stands outside of quotes and is not a number or a word of JSON may be anything.
            '{' | '}' | '[' | ']' | ':' | ',' => outline.push(character),
            c if c.is_whitespace() => {}
            _ => {
                let end = rest.find(|c: char| "{}[]:,\"".contains(c) || c.is_whitespace()).unwrap_or(rest.len());
                outline.push('…');
                rest = &rest[end..];
            }
        }
    }
    outline
}

/// Checks a successful answer that has nothing to say: no body, or JSON that nobody reads.
///
/// # Errors
/// A page of a proxy or of a login, which means that the server was never asked.
pub fn expect_nothing(answer: &Response) -> Result<(), DecodeError> {
    if answer.body.is_empty() { Ok(()) } else { decode::<serde::de::IgnoredAny>(answer).map(drop) }
}

/// The beginning of a refusal's body in one line, with everything masked that could be a credential.
pub fn excerpt(answer: &Response) -> Option<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let excerpt: String = redact_page(&words).chars().take(EXCERPT_CHARS).collect();
    (!excerpt.is_empty()).then_some(excerpt)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn decoded(body: &str) -> String {
        let answer =
            Response { status: Default::default(), headers: Default::default(), body: body.as_bytes().to_vec().into() };
        decode::<Sample>(&answer).unwrap_err().to_string()
    }

    #[derive(Debug, serde::Deserialize)]
    struct Sample {
        #[serde(rename = "id")]
        _id: String,
    }

    #[test]
    fn the_beginning_of_json_shows_names_and_no_values() {
        assert_eq!(
            decoded(r#"{"id": 12, "clientSecret": "a\"b", "on": true, "list": [{"x": null}]}"#),
            "is not what the specification says: a member is missing or has another type (at id, line 1, \
             column 9). It begins: {\"id\":…,\"clientSecret\":…,\"on\":…,\"list\":[{\"x\":…}]}"
        );
        let cut = decoded(r#"{"name": "n", "clientSecret": "CkF69"#);
        assert!(cut.contains("it ends too early") && cut.ends_with(r#"{"name":…,"clientSecret":…"#), "{cut}");
        assert!(decoded("").ends_with("(nothing)"));
        assert!(decoded(&"[".repeat(1000)).len() < 400);
    }

    #[test]
    fn an_id_stays_in_its_place() {
        assert_eq!(segment("0oa72lrepvp4WqEET1d9"), "0oa72lrepvp4WqEET1d9");
        assert_eq!(segment("3f2c9a52-6a4e-4b0e-9d1c-7d6c2c0c5a11"), "3f2c9a52-6a4e-4b0e-9d1c-7d6c2c0c5a11");
        for id in ["..", ".", "../../api/v1/users/00u1", "a/b", "a?b", "a#b", "%2e%2e", "..\\..", "\u{e9}"] {
            let url = Url::parse(&format!("https://example.okta.com/a/{}/b", segment(id))).unwrap();
            assert_eq!(url.path_segments().unwrap().count(), 3, "{url}");
            assert!(url.path().ends_with("/b") && url.query().is_none() && url.fragment().is_none(), "{url}");
        }
    }

    #[test]
    fn the_name_of_a_member_may_be_a_secret_too() {
        let body = r#"{"a": {"CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg": !"#;
        let answer =
            Response { status: Default::default(), headers: Default::default(), body: body.as_bytes().to_vec().into() };
        let text = decode::<BTreeMap<String, BTreeMap<String, u8>>>(&answer).unwrap_err().to_string();
        assert!(text.contains("at a.***, ") && !text.contains("CkF69"), "{text}");
    }

    #[test]
    fn a_sentence_that_does_not_end_is_cut() {
        let text = redact(&"so it is ".repeat(10_000));
        assert!(text.starts_with("so it is so") && text.ends_with('…'), "{text}");
        assert_eq!(text.chars().count(), 2001);
    }

    #[test]
    fn a_page_is_not_taken_for_a_success_without_words() {
        let answer = |body: &str| Response {
            status: Default::default(),
            headers: Default::default(),
            body: body.as_bytes().to_vec().into(),
        };
        assert!(expect_nothing(&answer("")).is_ok() && expect_nothing(&answer("{}")).is_ok());
        assert!(expect_nothing(&answer("<html>Sign in</html>")).is_err());
    }

    #[test]
    fn the_beginning_of_a_page_is_its_text() {
        let page = decoded("<html>\n<title>Sign in to the proxy</title>");
        assert!(page.ends_with("It begins: <html> <title>Sign in to the proxy</title>"), "{page}");
    }

    #[test]
    fn a_sentence_keeps_its_ids_and_loses_what_is_as_long_as_a_secret() {
        let said =
            "Bad secret 'DRUFXGF9XbLnS9k-Sla3x3POBiIxDreBCdZuFs5B' of druva_data_security_cloud 0oa72lrepvp4WqEET1d9.";
        assert_eq!(redact(said), "Bad secret '***' of druva_data_security_cloud 0oa72lrepvp4WqEET1d9.");
    }
}
