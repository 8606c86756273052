//! What a `WWW-Authenticate` header says about a refusal: Okta's API explains OAuth's in it, and leaves the body empty.

use reqwest::header::WWW_AUTHENTICATE;

use crate::http::Response;

/// The parameters of a challenge that name an error.
pub(super) struct Challenge {
    /// OAuth's code, such as `invalid_dpop_proof`.
    pub error: String,
    /// Okta's sentence.
    pub description: Option<String>,
}

impl Challenge {
    /// The first challenge of an answer that names an error.
    pub fn of(answer: &Response) -> Option<Self> {
        let challenges = answer.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        challenges.into_iter().find_map(|challenge| {
            let error = parameter(challenge, "error")?;
            Some(Self { error, description: parameter(challenge, "error_description") })
        })
    }
}

/// A quoted parameter, without the backslashes that escape in it.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let at = challenge
        .match_indices(&start)
        .map(|(at, _)| at)
        .find(|at| challenge[..*at].chars().next_back().is_none_or(|before| matches!(before, ' ' | ',')))?;
    let (mut value, mut is_escaped) = (String::new(), false);
    for character in challenge[at + start.len()..].chars() {
        match character {
            '"' if !is_escaped => return Some(value),
            '\\' if !is_escaped => is_escaped = true,
            _ => {
                value.push(character);
                is_escaped = false;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Okta's API answered, by Okta's own articles.
    #[test]
    fn the_error_is_found_among_the_other_parameters() {
        let challenge = r#"DPoP algs="RS256 ES256", scope="okta.apps.read", error="invalid_dpop_proof", error_description="'htu' claim in the DPoP proof JWT is invalid.", resource="/api/v1/apps""#;
        assert_eq!(parameter(challenge, "error").unwrap(), "invalid_dpop_proof");
        let description = parameter(challenge, "error_description").unwrap();
        assert_eq!(description, "'htu' claim in the DPoP proof JWT is invalid.");
        assert_eq!(parameter(challenge, "description"), None);
    }

    #[test]
    fn quotes_are_unescaped_and_an_open_one_is_nothing() {
        assert_eq!(parameter(r#"Bearer error="a \"b\" c""#, "error").unwrap(), r#"a "b" c"#);
        assert_eq!(parameter(r#"Bearer error="a"#, "error"), None);
        assert_eq!(parameter("Bearer error=a", "error"), None);
    }
}
