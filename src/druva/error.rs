//! What Druva answered instead of what was asked for.

use std::fmt;

use reqwest::StatusCode;
use serde::Deserialize;
use url::Url;

use super::id;
use crate::http::{self, DecodeError, Response};
use crate::redaction::{fit_id, redact};

/// In the sentence that Druva answers to a token of another cloud, and where the account forbids something. `[docs]`
const EXPLICIT_DENY: &str = "explicit deny";

/// The sentences of Druva's gateway, which is AWS's, about a path or method that it does not route: always with a 403. The
/// second is about the same, where it takes the `Authorization` for a signature of AWS. `[recorded]`
const NOT_ROUTED: [&str; 2] =
    ["Missing Authentication Token", "Invalid key=value pair (missing equal-sign) in Authorization header"];

/// Why a call of Druva failed. The texts are Druva's own, lower case around them, never with a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Druva's error envelope.
    #[error("{0}")]
    Api(Box<ApiError>),
    /// The token endpoint refused the API credentials.
    #[error("{0}")]
    Token(#[source] Box<Error>),
    /// The access token that somebody else obtained was refused, or does not suffice.
    #[error("Druva refused the access token that the provider was given: {0}")]
    HeldToken(#[source] Box<Error>),
    /// There is nothing to get an access token with.
    #[error("the provider was given an access token, and holds no API credentials to get another one with")]
    NoCredentials,
    /// An answer without the envelope, from a proxy or a gateway for instance.
    #[error("status {status} with an unexpected body{}", excerpt.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Unexpected {
        /// The status of the answer.
        status: StatusCode,
        /// The beginning of the body, with all that could be a credential masked.
        excerpt: Option<String>,
    },
    /// A successful answer that is not what the (assumed) contract says.
    #[error("Druva's answer {0}")]
    Decode(DecodeError),
    /// The gateway does not route the request, or the list of links is not there: this account has no API for Okta.
    #[error("this account has no such API: Druva answered {url} with {answer}")]
    ApiMissing {
        /// What was asked.
        url: String,
        /// What Druva answered.
        answer: Box<Error>,
    },
    /// A list whose next page is the page itself.
    #[error("the list of links repeats a page")]
    StrangePage,
    /// No answer came.
    #[error(transparent)]
    Http(#[from] http::Error),
}

/// Druva's error envelope. `[seen]`
#[derive(Debug)]
pub struct ApiError {
    /// The status of the answer.
    pub status: StatusCode,
    /// Druva's code, a text or a number; its gateway gives none.
    pub code: Option<String>,
    /// Druva's sentence.
    pub message: String,
    /// The id of the thing that the error is about, from `data.id`.
    pub about_id: Option<String>,
    /// The id of the request in Druva's logs.
    pub request_id: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}", self.message, self.status.as_u16())?;
        // Druva gives the status as the code of some errors.
        if let Some(code) = self.code.as_ref().filter(|code| *code != self.status.as_str()) {
            write!(f, " {code}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request id {id}")?;
        }
        f.write_str("]")
    }
}

impl Error {
    /// The same without the ids that differ from answer to answer, for what should read the same each time.
    pub fn without_ids(self) -> Self {
        match self {
            Self::Api(error) => Self::Api(Box::new(ApiError { request_id: None, ..*error })),
            Self::Token(error) => Self::Token(Box::new(error.without_ids())),
            Self::ApiMissing { url, answer } => Self::ApiMissing { url, answer: Box::new(answer.without_ids()) },
            Self::HeldToken(error) => Self::HeldToken(Box::new(error.without_ids())),
            other => other,
        }
    }

    /// The thing asked for is not there.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// The credentials belong to another cloud, or a right or a setting of the account forbids it.
    pub fn is_explicit_deny(&self) -> bool {
        match self {
            Self::Token(error) => error.is_explicit_deny(),
            _ => self.says(EXPLICIT_DENY),
        }
    }

    /// There is no such path or method, whoever asks.
    pub fn is_not_routed(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN) && NOT_ROUTED.iter().any(|sentence| self.says(sentence))
    }

    fn says(&self, words: &str) -> bool {
        match self {
            Self::Api(error) => error.message.contains(words),
            Self::Unexpected { excerpt: Some(text), .. } => text.contains(words),
            _ => false,
        }
    }

    /// Whether the request may have been carried out although it failed: look before doing it again.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Http(error) => error.may_have_acted(),
            Self::Decode(_) => true,
            Self::Token(_) => false,
            _ => self.status().is_some_and(http::may_have_acted),
        }
    }

    /// The status of the answer, if there was one that refused. None for a refused token.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Unexpected { status, .. } => Some(*status),
            Self::HeldToken(error) => error.status(),
            _ => None,
        }
    }

    /// What an answer from below `okta_api_path` that is not a success says.
    pub(super) fn of_api(url: &Url, answer: &Response) -> Self {
        match Self::from_answer(answer) {
            error if error.is_not_routed() => {
                let mut url = url.clone();
                url.set_query(None);
                Self::ApiMissing { url: url.into(), answer: Box::new(error) }
            }
            error => error,
        }
    }

    /// What an answer that is not a success says.
    pub fn from_answer(answer: &Response) -> Self {
        let status = answer.status;
        match serde_json::from_slice::<Envelope>(&answer.body) {
            Ok(envelope) => Self::Api(Box::new(ApiError {
                status,
                code: envelope.code.map(|code| redact(&code.as_str().map_or_else(|| code.to_string(), str::to_owned))),
                message: redact(&envelope.message),
                about_id: envelope
                    .data
                    .as_ref()
                    .and_then(|data| id::id(data.get("id")?))
                    .filter(|id| fit_id(id).is_ok()),
                request_id: http::request_id(answer),
            })),
            Err(_) => Self::Unexpected { status, excerpt: http::excerpt(answer) },
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(alias = "errorCode")]
    code: Option<serde_json::Value>,
    #[serde(alias = "Message")]
    message: String,
    data: Option<serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn error(status: u16, body: &str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        Error::from_answer(&Response { status, headers: Default::default(), body: Zeroizing::new(body.into()) })
    }

    #[test]
    fn the_code_may_be_a_text_or_a_number() {
        assert_eq!(error(400, r#"{"code":"BAD","message":"No."}"#).to_string(), "No. [400 BAD]");
        assert_eq!(error(404, r#"{"code":404,"message":"Not Found"}"#).to_string(), "Not Found [404]");
        let secret = r#"{"code":["CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg"],"message":"No."}"#;
        assert_eq!(error(400, secret).to_string(), r#"No. [400 ["***"]]"#);
    }

    #[test]
    fn the_code_may_have_another_name_or_be_left_out() {
        let deny = r#"{"message":"User is not authorized","errorCode":"4294971402"}"#;
        assert_eq!(error(403, deny).to_string(), "User is not authorized [403 4294971402]");
        assert_eq!(error(403, r#"{"Message":"No."}"#).to_string(), "No. [403]");
        assert_eq!(error(400, r#"{"code":null,"message":"No."}"#).to_string(), "No. [400]");
    }

    #[test]
    fn what_the_gateway_does_not_route_is_no_refusal_of_a_role() {
        for sentence in NOT_ROUTED {
            let body = serde_json::json!({"message": sentence}).to_string();
            assert!(error(403, &body).is_not_routed() && !error(401, &body).is_not_routed(), "{sentence}");
            assert!(error(403, sentence).is_not_routed(), "{sentence}");
        }
        assert!(!error(403, r#"{"code":"FORBIDDEN","message":"This action requires a role"}"#).is_not_routed());
    }

    #[test]
    fn a_conflict_names_what_it_is_about() {
        let Error::Api(error) = error(409, r#"{"code":"X","message":"linked","data":{"id":"d1"}}"#) else { panic!() };
        assert_eq!(error.about_id.as_deref(), Some("d1"));
    }

    #[test]
    fn what_a_conflict_is_about_may_be_named_by_a_number() {
        let Error::Api(error) = error(409, r#"{"code":"X","message":"linked","data":{"id":34756}}"#) else { panic!() };
        assert_eq!(error.about_id.as_deref(), Some("34756"));
    }

    #[test]
    fn an_explicit_deny_is_recognized() {
        let body = r#"{"code":403,"message":"User is not authorized to access this resource with an explicit deny"}"#;
        assert!(error(403, body).is_explicit_deny());
        assert!(error(403, r#"{"Message":"User is not authorized … with an explicit deny"}"#).is_explicit_deny());
    }
}
