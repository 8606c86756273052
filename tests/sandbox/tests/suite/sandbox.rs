//! A running sandbox and short names for talking with it.

use reqwest::{Client, Error, Method, RequestBuilder};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

pub const API_SERVICES: &str = "/integrations/api/v1/api-services";
pub const TYPE: &str = "druvainc-IdpVault_api_2";
/// The listing of somebody else, which takes any scope.
pub const OTHER_TYPE: &str = "my_app_cie";
pub const SCOPES: [&str; 3] = ["okta.users.manage", "okta.groups.manage", "okta.clients.read"];

/// Dies with the test: it reads its standard input, which closes with this value.
pub struct Sandbox {
    child: Child,
    client: Client,
    pub okta: String,
    pub druva: String,
    pub api_token: String,
    pub druva_credentials: (String, String),
}

/// An installed integration.
pub struct Installed {
    pub id: String,
    pub secret: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Sandbox {
    /// One in which nothing takes time and nothing is drawn, for tests of something else.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// [`Self::start`] with more arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let sandbox = Self::strict(arguments);
        sandbox.set(json!({"propagation_ms": 0, "druva_expires_in": "number", "link_ids": "text"}));
        sandbox
    }

    /// As it is by default.
    pub fn strict(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_druva-okta-sandbox"))
            .arg("--until-stdin-closes")
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).expect("a ready line");
        let ready: Value = serde_json::from_str(&line).expect("the ready line is JSON");
        let text = |key: &str| ready[key].as_str().unwrap_or_else(|| panic!("{key}")).to_owned();
        // No connection is kept: one that a fault has closed must not spoil the next request.
        let client = Client::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(10)).no_proxy();
        Self {
            child,
            client: client.build().unwrap(),
            okta: text("okta_url"),
            druva: text("druva_url"),
            api_token: text("okta_api_token"),
            druva_credentials: (text("druva_client_id"), text("druva_client_secret")),
        }
    }

    /// A request with the Okta API token.
    pub fn okta(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("{}{path}", self.okta)).header("Authorization", format!("SSWS {}", self.api_token))
    }

    pub fn okta_get(&self, path: &str) -> Answer {
        send(self.okta(Method::GET, path))
    }

    pub fn okta_post(&self, path: &str, body: &Value) -> Answer {
        send(self.okta(Method::POST, path).json(body))
    }

    pub fn okta_delete(&self, path: &str) -> Answer {
        send(self.okta(Method::DELETE, path))
    }

    /// A request without credentials.
    pub fn bare(&self, method: Method, url: &str) -> RequestBuilder {
        self.client.request(method, url)
    }

    pub fn install(&self) -> Installed {
        let answer = self.okta_post(API_SERVICES, &json!({"type": TYPE, "grantedScopes": SCOPES}));
        assert_eq!(answer.status, 201, "{}", answer.body);
        Installed { id: answer.text("/id"), secret: answer.text("/clientSecret") }
    }

    /// The token endpoint, with an integration's credentials in the Authorization header.
    pub fn okta_token(&self, client_id: &str, secret: &str, scope: &str) -> Answer {
        let url = format!("{}/oauth2/v1/token", self.okta);
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        send(self.bare(Method::POST, &url).basic_auth(client_id, Some(secret)).form(&form))
    }

    pub fn druva_token(&self) -> Answer {
        let (id, secret) = &self.druva_credentials;
        let form = [("grant_type", "client_credentials"), ("scope", "read")];
        send(self.bare(Method::POST, &format!("{}/token", self.druva)).basic_auth(id, Some(secret)).form(&form))
    }

    /// A request to Druva with a fresh token.
    pub fn druva(&self, method: Method, path: &str) -> RequestBuilder {
        let token = self.druva_token().text("/access_token");
        self.bare(method, &format!("{}{path}", self.druva)).bearer_auth(token)
    }

    pub fn druva_get(&self, path: &str) -> Answer {
        send(self.druva(Method::GET, path))
    }

    pub fn druva_post(&self, path: &str, body: &Value) -> Answer {
        send(self.druva(Method::POST, path).json(body))
    }

    pub fn link(&self, installed: &Installed) -> Answer {
        let body = json!({"oktaDomain": self.okta, "clientId": installed.id, "clientSecret": installed.secret});
        self.druva_post("/okta/v1/domains", &body)
    }

    pub fn control(&self, method: Method, call: &str, body: &Value) -> Answer {
        let request = self.bare(method, &format!("{}/_sandbox/{call}", self.okta));
        send(if body.is_null() { request } else { request.json(body) })
    }

    pub fn ask(&self, call: &str) -> Value {
        self.control(Method::GET, call, &Value::Null).body
    }

    pub fn set(&self, settings: Value) {
        let answer = self.control(Method::PATCH, "settings", &settings);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub fn drift(&self, drift: Value) -> Value {
        let answer = self.control(Method::POST, "drift", &drift);
        assert_eq!(answer.status, 200, "{drift} -> {}", answer.body);
        answer.body
    }

    pub fn fault(&self, fault: Value) {
        let answer = self.control(Method::POST, "faults", &fault);
        assert_eq!(answer.status, 201, "{}", answer.body);
    }

    /// Whether the program ends in good order when its standard input does.
    pub fn ends_with_stdin(mut self) -> bool {
        drop(self.child.stdin.take());
        self.child.wait().is_ok_and(|status| status.success())
    }

    /// Whether it does so on a signal, its standard input still open.
    #[cfg(unix)]
    pub fn ends_on(mut self, signal: &str) -> bool {
        let input = self.child.stdin.take();
        let kill = Command::new("kill").arg(format!("-{signal}")).arg(self.child.id().to_string()).status();
        let ended = kill.is_ok_and(|kill| kill.success()) && self.child.wait().is_ok_and(|status| status.success());
        drop(input);
        ended
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn text(&self, pointer: &str) -> String {
        let value = self.body.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no {pointer} in {} {}", self.status, self.body)).to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().unwrap()
    }
}

pub fn send(request: RequestBuilder) -> Answer {
    try_send(request).expect("an answer")
}

/// The answer, if there is a whole one.
pub fn try_send(request: RequestBuilder) -> Result<Answer, Error> {
    wait(async {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body =
            if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(Value::String(text)) };
        Ok(Answer { status, headers, body })
    })
}

/// Waits for one exchange. No connection outlives it, so that each can have a runtime of its own.
pub fn wait<T>(exchange: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(exchange)
}

pub fn strings(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|item| item.as_str().expect("a string").to_owned()).collect()
}
