//! The sandbox program, started for one test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::environment;

/// How much faster than real ones its delays pass: what is new there takes a fifth of a second to be seen.
const SPEED: &str = "10";
/// The scopes of Druva's documentation, in its order.
pub const SCOPES: [&str; 15] = [
    "okta.users.manage",
    "okta.factors.manage",
    "okta.groups.manage",
    "okta.apps.manage",
    "okta.appGrants.manage",
    "okta.clients.read",
    "okta.schemas.manage",
    "okta.profileMappings.manage",
    "okta.userTypes.manage",
    "okta.policies.manage",
    "okta.networkZones.manage",
    "okta.authenticators.manage",
    "okta.orgs.manage",
    "okta.emailDomains.manage",
    "okta.trustedOrigins.manage",
];

/// The key of Druva's listing in the sandbox, which nobody can derive from its name.
pub const TYPE: &str = "druvainc-IdpVault_api_2";

/// What the provider takes for the key of Druva's listing where the configuration gives none.
pub const GUESS: &str = "druva_data_security_cloud";
/// Until then, what is new has been seen everywhere.
pub const SEEN_EVERYWHERE: Duration = Duration::from_millis(250);

/// The sandbox program, stopped when dropped.
pub struct Sandbox {
    process: Child,
    is_stopped: bool,
    pub okta_url: String,
    pub druva_url: String,
    pub okta_api_token: String,
    pub druva_client_id: String,
    pub druva_client_secret: String,
}

impl Sandbox {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let program = environment::built_beside_the_provider("druva-okta-sandbox");
        let mut process = environment::own(&mut Command::new(program))
            .args(["--until-stdin-closes", "--speed", SPEED])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts: build it with `cargo build --workspace`");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the sandbox prints one JSON line when it is ready");
        let text = |name: &str| ready[name].as_str().unwrap_or_else(|| panic!("{name} in {ready}")).to_owned();
        Self {
            process,
            is_stopped: false,
            okta_url: text("okta_url"),
            druva_url: text("druva_url"),
            okta_api_token: text("okta_api_token"),
            druva_client_id: text("druva_client_id"),
            druva_client_secret: text("druva_client_secret"),
        }
    }

    /// Lists Druva under the key that the provider guesses: for what the documents show, which gives none.
    pub fn list_under_the_guess(self) -> Self {
        self.settings(json!({"druva_type": GUESS}));
        self
    }

    /// Lists a type of any name: for tests that need many integrations.
    pub fn list_any_type(self) -> Self {
        self.settings(json!({"lists_any_type": true}));
        self
    }

    /// Calls the sandbox's control interface, and fails the test if it refuses.
    pub fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/_sandbox/{path}", self.okta_url))
            .header("content-type", "application/json")
            .body(body.map(|body| body.to_string()).unwrap_or_default())
            .unwrap();
        // The buffers are filled with zeros for each call: small ones do.
        let config = ureq::Agent::config_builder().input_buffer_size(8192).output_buffer_size(8192);
        let agent = ureq::Agent::new_with_config(config.http_status_as_error(false).build());
        let mut answer = agent.run(request).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {} {text}", answer.status());
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    pub fn state(&self) -> Value {
        self.control("GET", "state", None)
    }

    pub fn settings(&self, settings: Value) {
        self.control("PATCH", "settings", Some(settings));
    }

    pub fn drift(&self, drift: Value) -> Value {
        self.control("POST", "drift", Some(drift))
    }

    pub fn fault(&self, fault: Value) {
        self.control("POST", "faults", Some(fault));
    }

    /// The requests since the log was cleared, as `GET /path`.
    pub fn requests(&self) -> Vec<String> {
        self.requests_of(&|_| true)
    }

    /// Those of [`Self::requests`] that may change something at Druva. Its token endpoint does not count.
    pub fn changes_at_druva(&self) -> Vec<String> {
        self.requests_of(&|entry| entry["side"] == "druva" && entry["method"] != "GET" && entry["path"] != "/token")
    }

    /// Those of [`Self::requests`] that may change something in Okta. Its token endpoint does not count.
    pub fn changes_in_okta(&self) -> Vec<String> {
        let token = "/oauth2/v1/token";
        self.requests_of(&|entry| entry["side"] == "okta" && entry["method"] != "GET" && entry["path"] != token)
    }

    fn requests_of(&self, wanted: &dyn Fn(&Value) -> bool) -> Vec<String> {
        let log = self.control("GET", "requests", None);
        let line = |entry: &Value| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap());
        log.as_array().unwrap().iter().filter(|entry| wanted(entry)).map(line).collect()
    }

    pub fn clear_requests(&self) {
        self.control("DELETE", "requests", None);
    }

    /// The only integration.
    pub fn integration(&self) -> Value {
        only(&self.state()["okta"]["integrations"])
    }

    /// The only link, with its id as the provider keeps it: a text, whatever it is in JSON.
    pub fn link(&self) -> Value {
        let mut link = only(&self.state()["druva"]["domains"]);
        link["id"] = text_of(&link["id"]).into();
        link
    }

    /// The secrets of the only integration.
    pub fn secrets(&self) -> Vec<Value> {
        self.integration()["secrets"].as_array().unwrap().clone()
    }

    /// The only link is connected from now on.
    pub fn connect_now(&self) {
        self.drift(json!({"action": "connect_domain", "id": self.link()["id"]}));
    }

    /// `localhost:PORT`: another address of the same org.
    pub fn other_okta_host(&self) -> String {
        self.okta_url.replace("http://127.0.0.1", "localhost")
    }

    /// `127.0.0.1:PORT`.
    pub fn okta_host(&self) -> String {
        self.okta_url.replace("http://", "")
    }

    /// Mints a second secret of an integration, as somebody in Okta's console would: a moment later than what was before.
    /// Returns the secret.
    pub fn mint(&self, id: &str) -> String {
        std::thread::sleep(Duration::from_secs(1));
        let url = format!("{}/integrations/api/v1/api-services/{id}/credentials/secrets", self.okta_url);
        let mut answer =
            ureq::post(url).header("authorization", format!("SSWS {}", self.okta_api_token)).send_empty().unwrap();
        let minted: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        std::thread::sleep(SEEN_EVERYWHERE);
        minted["client_secret"].as_str().unwrap().to_owned()
    }

    /// Installs an integration with the API token that the provider has, as another apply would. Returns what Okta
    /// answered, secret included.
    pub fn install(&self, kind: &str, scopes: &[&str]) -> Value {
        let mut answer = ureq::post(format!("{}/integrations/api/v1/api-services", self.okta_url))
            .header("authorization", format!("SSWS {}", self.okta_api_token))
            .send_json(json!({"type": kind, "grantedScopes": scopes}))
            .unwrap();
        let mut installed: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        installed["client_secret"] = installed["clientSecret"].take();
        std::thread::sleep(SEEN_EVERYWHERE);
        installed
    }

    /// Waits until a request like `POST /path` has arrived.
    pub fn wait_for(&self, request: &str) {
        let patience = Instant::now() + Duration::from_secs(60);
        while !self.requests().iter().any(|line| line == request) {
            assert!(Instant::now() < patience, "{request} never came: {:?}", self.requests());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// An access token of a client that was granted these scopes.
    pub fn access_token(&self, scopes: &[&str]) -> String {
        let client = self.drift(json!({"action": "install", "type": "token_source", "scopes": scopes}));
        let text = |name: &str| client[name].as_str().unwrap();
        let mut answer = ureq::post(format!("{}/oauth2/v1/token", self.okta_url))
            .send_form([
                ("client_id", text("id")),
                ("client_secret", text("client_secret")),
                ("grant_type", "client_credentials"),
                ("scope", &scopes.join(" ")),
            ])
            .unwrap();
        let token: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        token["access_token"].as_str().unwrap().to_owned()
    }

    /// Whether it has not been stopped.
    pub fn serves(&self) -> bool {
        !self.is_stopped
    }

    /// Stops serving: whoever connects is refused.
    pub fn stop(&mut self) {
        self.is_stopped = true;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Every secret that was ever issued, also as the `Authorization` header shows it.
    pub fn all_secret_texts(&self) -> Vec<String> {
        let secrets = self.control("GET", "secrets", None);
        let secrets: Vec<&str> = secrets.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let state = self.state();
        let ids = state["okta"]["integrations"].as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap());
        let basic: Vec<String> = ids
            .chain([self.druva_client_id.as_str()])
            .flat_map(|id| secrets.iter().map(move |secret| BASE64_STANDARD.encode(format!("{id}:{secret}"))))
            .collect();
        secrets.into_iter().map(str::to_owned).chain(basic).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}

/// An id, which is a text or a number, as a text.
pub fn text_of(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn only(list: &Value) -> Value {
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 1, "{list:?}");
    list[0].clone()
}
