//! What Okta answered instead of what was asked for.

use std::fmt;

use reqwest::StatusCode;
use serde::Deserialize;

use super::challenge::Challenge;
use crate::http::{self, DecodeError, Response, Skew};
use crate::redaction::{fit_id, redact};

/// Why a call of Okta failed. The texts are Okta's own, lower case around them, never with a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Okta's error envelope.
    #[error("{0}")]
    Api(Box<ApiError>),
    /// The token endpoint's refusal: of our own credential, or of a secret that is being verified.
    #[error("{error}{}", description.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Token {
        /// The status of the answer.
        status: StatusCode,
        /// OAuth's code, such as `invalid_client`.
        error: String,
        /// Okta's sentence.
        description: Option<String>,
    },
    /// The API's refusal of an access token or of its proof, which is in a header.
    #[error("{error}{} [{}]", description.as_ref().map(|text| format!(": {text}")).unwrap_or_default(), status.as_u16())]
    Challenge {
        /// The status of the answer.
        status: StatusCode,
        /// OAuth's code, such as `invalid_dpop_proof`.
        error: String,
        /// Okta's sentence.
        description: Option<String>,
    },
    /// An access token that somebody else obtained works only together with that somebody's key.
    #[error("the access token is bound to a key that only its owner has (DPoP): {0}")]
    BoundToken(Box<Error>),
    /// What was signed was refused, and the clock of this machine is wrong, with Okta's own time too where it was known.
    #[error("the clock of this machine is {skew} Okta's, which refused what was signed here: {error}")]
    Clock {
        /// How wrong.
        skew: Skew,
        /// The refusal.
        error: Box<Error>,
    },
    /// Each proof was refused for the lack of another nonce.
    #[error("Okta asked for one DPoP nonce after the other and accepted none")]
    Nonces,
    /// An answer that is none of these, from a proxy for instance.
    #[error("status {status} with an unexpected body{}", excerpt.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Unexpected {
        /// The status of the answer.
        status: StatusCode,
        /// The beginning of the body, with all that could be a credential masked.
        excerpt: Option<String>,
    },
    /// A successful answer that is not what the specification says.
    #[error("Okta's answer {0}")]
    Decode(DecodeError),
    /// A list whose next page lies on another server, or is the page itself.
    #[error("the list's link to its next page leads elsewhere or in a circle")]
    StrangePage,
    /// No answer came.
    #[error(transparent)]
    Http(#[from] http::Error),
}

/// Okta's error envelope with the request id that its support asks for.
#[derive(Debug)]
pub struct ApiError {
    /// The status of the answer.
    pub status: StatusCode,
    /// The code, such as `E0000006`: what to branch on.
    pub code: String,
    /// Okta's sentence.
    pub summary: String,
    /// The single reasons.
    pub causes: Vec<String>,
    /// The id of this error in Okta's logs.
    pub error_id: Option<String>,
    /// The id of the request in Okta's logs.
    pub request_id: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.summary.is_empty() { "no reason given" } else { &self.summary })?;
        if !self.causes.is_empty() {
            write!(f, " ({})", self.causes.join("; "))?;
        }
        write!(f, " [{} {}", self.status.as_u16(), self.code)?;
        if let Some(id) = &self.error_id {
            write!(f, ", error id {id}")?;
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
            Self::Api(error) => Self::Api(Box::new(ApiError { error_id: None, request_id: None, ..*error })),
            other => other,
        }
    }

    /// The thing asked for is not there.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the request may have been carried out although it failed: look before doing it again.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Http(error) => error.may_have_acted(),
            Self::Decode(_) => true,
            _ => self.status().is_some_and(http::may_have_acted),
        }
    }

    /// The status of the answer, if there was one that refused.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Token { status, .. } | Self::Challenge { status, .. } | Self::Unexpected { status, .. } => {
                Some(*status)
            }
            Self::BoundToken(error) | Self::Clock { error, .. } => error.status(),
            _ => None,
        }
    }

    /// OAuth's code, if the refusal has one.
    pub fn oauth_code(&self) -> Option<&str> {
        match self {
            Self::Token { error, .. } | Self::Challenge { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether what was refused was signed, so that a wrong time in it may be the reason.
    pub(super) fn may_be_about_time(&self) -> bool {
        matches!(self.oauth_code(), Some("invalid_client" | "invalid_dpop_proof"))
    }

    /// The same error, which names the clock of this machine if that is wrong and may be the reason.
    pub fn with_skew(self, skew: Skew) -> Self {
        if self.may_be_about_time() && skew.is_certain() { Self::Clock { skew, error: Box::new(self) } } else { self }
    }

    /// Whether what was refused needs a proof that the token is ours (DPoP).
    pub(super) fn asks_for_proof(&self) -> bool {
        match self {
            // Where a bound token is sent without a proof, only the sentence tells that from other bad requests.
            Self::Challenge { description: Some(text), .. } if text.contains("DPoP") => true,
            _ => matches!(self.oauth_code(), Some("invalid_dpop_proof" | "use_dpop_nonce")),
        }
    }

    /// What an answer that is not a success says.
    pub fn from_answer(answer: &Response) -> Self {
        let status = answer.status;
        if let Ok(envelope) = serde_json::from_slice::<Envelope>(&answer.body) {
            return Self::Api(Box::new(ApiError {
                status,
                code: redact(&envelope.error_code),
                summary: redact(&envelope.error_summary),
                causes: envelope
                    .error_causes
                    .iter()
                    .filter_map(|cause| Some(redact(cause.error_summary.as_ref()?)))
                    .collect(),
                error_id: envelope.error_id.filter(|id| fit_id(id).is_ok()),
                request_id: http::request_id(answer),
            }));
        }
        match serde_json::from_slice::<OAuthError>(&answer.body) {
            Ok(OAuthError { error, error_description }) => {
                Self::Token { status, error: redact(&error), description: error_description.map(|text| redact(&text)) }
            }
            Err(_) => match Challenge::of(answer) {
                Some(Challenge { error, description }) => Self::Challenge {
                    status,
                    error: redact(&error),
                    description: description.map(|text| redact(&text)),
                },
                None => Self::Unexpected { status, excerpt: http::excerpt(answer) },
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    error_code: String,
    #[serde(default)]
    error_summary: String,
    error_id: Option<String>,
    #[serde(default)]
    error_causes: Vec<Cause>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cause {
    error_summary: Option<String>,
}

#[derive(Deserialize)]
struct OAuthError {
    error: String,
    error_description: Option<String>,
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
    fn the_envelope_is_told_with_its_code_causes_and_id() {
        let error = error(
            400,
            r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: type","errorLink":"E0000001",
                "errorId":"oaeX","errorCauses":[{"errorSummary":"type: unknown"}]}"#,
        );
        assert_eq!(error.to_string(), "Api validation failed: type (type: unknown) [400 E0000001, error id oaeX]");
        assert!(!error.is_not_found() && !error.may_have_acted());
    }

    #[test]
    fn no_member_of_an_envelope_shows_what_is_as_long_as_a_secret() {
        const SECRET: &str = "CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg";
        for envelope in [
            format!(r#"{{"errorCode":"{SECRET}","errorId":"{SECRET}","errorCauses":[{{"errorSummary":"{SECRET}"}}]}}"#),
            format!(r#"{{"error":"{SECRET}","error_description":"{SECRET}"}}"#),
        ] {
            let text = error(400, &envelope).to_string();
            assert!(text.contains("***") && !text.contains(SECRET), "{text}");
        }
    }

    #[test]
    fn the_token_endpoint_has_an_envelope_of_its_own() {
        let error = error(401, r#"{"error":"invalid_client","error_description":"No client credentials found"}"#);
        assert_eq!(error.to_string(), "invalid_client: No client credentials found");
    }

    #[test]
    fn a_page_of_a_proxy_is_shown_in_part_and_masked() {
        let error = error(502, "<html>\n<b>Bad gateway</b> CkF69kXtag0q0P4pXU8OnP5IAzgGlwx6eqGy7Fmg</html>");
        let text = error.to_string();
        assert!(text.contains("502") && text.contains("Bad gateway") && !text.contains("CkF69"), "{text}");
        assert!(error.may_have_acted());
    }
}
