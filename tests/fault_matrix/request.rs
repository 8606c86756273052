//! The requests of an operation, as one clean run makes them.

use std::fmt;

use serde_json::Value as Json;
use terraform_provider_druva::druva::okta_links;

/// One request of a sequence, without the ids in its path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    pub side: String,
    pub method: String,
    /// With `*` for each id.
    pub path: String,
    /// Which of the requests with this side, method and path.
    pub nth: u64,
}

const TOKEN_PATHS: [&str; 2] = ["/oauth2/v1/token", "/token"];

/// The sequence in a request log of the sandbox.
pub fn sequence(log: &Json) -> Vec<Request> {
    let mut sequence: Vec<Request> = Vec::new();
    for entry in log.as_array().expect("a log") {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        let mut request = Request::first(text("side"), text("method"), text("path"));
        let same = |earlier: &&Request| Request { nth: 1, ..(*earlier).clone() } == request;
        request.nth = 1 + sequence.iter().filter(same).count() as u64;
        sequence.push(request);
    }
    sequence
}

/// Ids follow the collections that they are in.
fn without_ids(path: &str) -> String {
    let mut is_id = false;
    let segment = |segment: &str| {
        let shown = if is_id { "*" } else { segment }.to_owned();
        is_id = !is_id && matches!(segment, "api-services" | "secrets" | "domains");
        shown
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

impl Request {
    /// The first one with this side, method and path.
    pub fn first(side: &str, method: &str, path: &str) -> Self {
        Self { side: side.to_owned(), method: method.to_owned(), path: without_ids(path), nth: 1 }
    }

    /// A regular expression on the path.
    pub fn pattern(&self) -> String {
        format!("^{}$", self.path.replace('.', "[.]").replace('*', "[^/]+"))
    }

    /// Whether it fetches an access token, or proves a secret in the same way.
    pub fn is_token(&self) -> bool {
        TOKEN_PATHS.contains(&self.path.as_str())
    }

    /// Whether a success of it is a 201.
    pub fn creates(&self) -> bool {
        self.method == "POST"
            && ["/api-services", "/secrets", okta_links::PATH].iter().any(|end| self.path.ends_with(end))
    }

    /// The entry of this very request in a log, if it has arrived.
    pub fn find<'a>(&self, log: &'a Json) -> Option<&'a Json> {
        let place = sequence(log).iter().position(|request| request == self)?;
        log.get(place)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.method, self.side, self.path)?;
        if self.nth > 1 { write!(f, " #{}", self.nth) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_told_apart_by_what_they_do_and_by_their_order() {
        let entry = |method: &str, path: &str| json!({"side": "okta", "method": method, "path": path});
        let log = json!([
            entry("GET", "/integrations/api/v1/api-services"),
            entry("GET", "/integrations/api/v1/api-services/0oa1/credentials/secrets"),
            entry("POST", "/integrations/api/v1/api-services/0oa1/credentials/secrets/ocs1/lifecycle/deactivate"),
            entry("GET", "/integrations/api/v1/api-services/0oa2/credentials/secrets"),
        ]);
        let requests = sequence(&log);
        let shown: Vec<String> = requests.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "GET okta/integrations/api/v1/api-services",
                "GET okta/integrations/api/v1/api-services/*/credentials/secrets",
                "POST okta/integrations/api/v1/api-services/*/credentials/secrets/*/lifecycle/deactivate",
                "GET okta/integrations/api/v1/api-services/*/credentials/secrets #2",
            ]
        );
        assert_eq!(requests[3].find(&log), Some(&log[3]));
        assert_eq!(requests[1].pattern(), "^/integrations/api/v1/api-services/[^/]+/credentials/secrets$");
    }
}
