//! The credentials in requests and answers.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value as Json;

use super::wire::Message;

/// What must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What it is.
    pub kind: &'static str,
    pub text: String,
}

impl Credential {
    fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// Those of a request: its headers, and what its body hands over.
pub fn of_request(side: &str, request: &Message) -> Vec<Credential> {
    let is_okta = side == "okta";
    let mut found = Vec::new();
    if let Some((scheme, text)) = request.header("authorization").and_then(|value| value.split_once(' ')) {
        match scheme {
            "SSWS" => found.push(Credential::new("API token", text)),
            "Basic" => {
                found.push(Credential::new("header of Basic authentication", text));
                let pair = BASE64_STANDARD.decode(text).ok().and_then(|pair| String::from_utf8(pair).ok());
                if let Some((_, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
                    found.push(Credential::new(if is_okta { "client secret" } else { "secret of Druva" }, secret));
                }
            }
            _ => found.push(Credential::new(if is_okta { "token of Okta" } else { "token of Druva" }, text)),
        }
    }
    found.extend(request.header("dpop").map(|proof| Credential::new("DPoP proof", proof)));
    for (name, value) in url::form_urlencoded::parse(&request.body) {
        match name.as_ref() {
            "client_assertion" => found.push(Credential::new("client assertion", value)),
            "client_secret" => found.push(Credential::new("client secret", value)),
            _ => {}
        }
    }
    found.extend(of_json(side, &request.body));
    found
}

/// In the lists of an integration's secrets, of which four characters are shown.
const MASK: &str = "***";

/// Those of an answer.
pub fn of_answer(side: &str, answer: &Message) -> Vec<Credential> {
    of_json(side, &answer.body)
}

fn of_json(side: &str, body: &[u8]) -> Vec<Credential> {
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return Vec::new() };
    let token = if side == "okta" { "token of Okta" } else { "token of Druva" };
    let members = [("clientSecret", "client secret"), ("client_secret", "client secret"), ("access_token", token)];
    members
        .iter()
        .filter_map(|(name, kind)| Some(Credential::new(kind, json[*name].as_str()?)))
        .filter(|credential| !credential.text.starts_with(MASK))
        .collect()
}

/// The last of each kind.
pub fn latest(credentials: &[Credential]) -> Vec<Credential> {
    let mut latest: Vec<Credential> = Vec::new();
    for credential in credentials.iter().rev() {
        if latest.iter().all(|other| other.kind != credential.kind && other.text != credential.text) {
            latest.push(credential.clone());
        }
    }
    latest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_found_wherever_it_travels() {
        let message = |headers: &[(&str, &str)], body: &str| Message {
            line: String::new(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
        };
        let texts = |found: Vec<Credential>| found.into_iter().map(|found| found.text).collect::<Vec<_>>();
        let basic = BASE64_STANDARD.encode("id:s1");
        let request = message(
            &[("Authorization", &format!("Basic {basic}")), ("DPoP", "p1")],
            "client_assertion=a%2F1&client_secret=s2",
        );
        assert_eq!(texts(of_request("druva", &request)), [basic.as_str(), "s1", "p1", "a/1", "s2"]);
        let request = message(&[("authorization", "SSWS t1")], r#"{"clientSecret": "s3"}"#);
        assert_eq!(texts(of_request("okta", &request)), ["t1", "s3"]);
        let answer = message(&[], r#"{"access_token": "t2", "client_secret": "s4"}"#);
        assert_eq!(texts(of_answer("okta", &answer)), ["s4", "t2"]);
    }
}
