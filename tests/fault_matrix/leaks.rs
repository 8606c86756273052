//! Secrets in what the provider says and logs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use testkit::keys::Key;
use testkit::sandbox::Sandbox;

/// What must not be seen anywhere: the credentials of the provider block, and all that the sandbox ever issued.
pub struct Secrets {
    given: Vec<String>,
    issued: Vec<String>,
}

impl Secrets {
    pub fn new(sandbox: &Sandbox, key: &Key) -> Self {
        let basic = BASE64_STANDARD.encode(format!("{}:{}", sandbox.druva_client_id, sandbox.druva_client_secret));
        let mut secrets =
            Self { given: key.secret_texts().map(str::to_owned).chain([basic]).collect(), issued: vec![] };
        secrets.update(sandbox);
        secrets.given.append(&mut secrets.issued.clone());
        secrets
    }

    /// Learns what was issued since, and says how many there are.
    pub fn update(&mut self, sandbox: &Sandbox) -> usize {
        let fresh = sandbox.control("GET", &format!("secrets?from={}", self.issued.len()), None);
        let fresh = fresh.as_array().expect("a list").iter().filter_map(|secret| secret.as_str());
        self.issued.extend(fresh.map(str::to_owned));
        self.issued.len()
    }

    /// Those that were issued after `from` others.
    pub fn since(&self, from: usize) -> Vec<String> {
        self.issued[from..].to_vec()
    }

    /// The places in `text` that show what was given, or one of the `others` by itself or as the header of one of the
    /// clients `ids`.
    pub fn leaks(&self, text: &str, what: &str, others: &[String], ids: &[String]) -> Vec<String> {
        let header = |id: &String, secret: &String| BASE64_STANDARD.encode(format!("{id}:{secret}"));
        let headers = others.iter().flat_map(|secret| ids.iter().map(move |id| header(id, secret)));
        let all = self.given.iter().chain(others).cloned().chain(headers);
        // What the line holds must not be shown again.
        let place = |at: usize| format!("{what} shows a secret in line {}", text[..at].lines().count());
        all.filter_map(|secret| text.find(&secret).map(place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        let secrets = Secrets { given: vec!["g1ven".to_owned()], issued: Vec::new() };
        let (others, ids) = (["s3cret".to_owned()], ["0oa1".to_owned()]);
        let found = |text: &str| secrets.leaks(text, "the log", &others, &ids);
        let shown = ["the log shows a secret in line 2".to_owned()];
        assert_eq!(found("one\ntwo s3cret\n"), shown);
        assert_eq!(found("one\ntwo g1ven\n"), shown);
        assert_eq!(found(&format!("one\ntwo {}\n", BASE64_STANDARD.encode("0oa1:s3cret"))), shown);
        assert!(found("one\ntwo\n").is_empty());
    }
}
