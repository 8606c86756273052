//! Requests that the published files and the assumed contract forbid: the sandbox refuses each in a way that the files know,
//! and nothing has changed afterwards.

use crate::{
    mutation::forbidden,
    openapi::OpenApi,
    sandbox::{Answer, SCOPES, Sandbox, TYPE, send},
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const INSTALL: &str = "/integrations/api/v1/api-services";
const OKTA_TOKEN: &str = "/oauth2/v1/token";
const DRUVA_TOKEN: &str = "/token";
const DOMAINS: &str = "/okta/v1/domains";

/// An operation with a body, and how to send it one.
struct Operation<'s> {
    spec: &'s OpenApi,
    sandbox: &'s Sandbox,
    method: Method,
    template: &'static str,
    /// A request without a body.
    request: Box<dyn Fn() -> RequestBuilder + 's>,
    /// A body that the file allows.
    good: Value,
}

impl Operation<'_> {
    /// Sends everything that the file forbids, except for what `is_shown` says that its examples show all the same. How many
    /// bodies that was.
    fn refuses_what_is_forbidden(&self, is_shown: impl Fn(&Value) -> bool) -> usize {
        let (media_type, schema) = self.spec.request(self.method_name(), self.template).expect("a body");
        let is_form = media_type == "application/x-www-form-urlencoded";
        let mut bodies = forbidden(&schema, &self.good);
        // A form has text in it, and nothing else.
        let is_some_form =
            |body: &Value| body.as_object().is_some_and(|form| !form.is_empty() && form.values().all(Value::is_string));
        bodies.retain(|(_, body)| !is_form || is_some_form(body));
        bodies.retain(|(_, body)| !is_shown(body));
        for (what, body) in &bodies {
            let request = (self.request)();
            self.is_refused(what, if is_form { request.form(body) } else { request.json(body) });
        }
        let text = if is_form { pairs(&self.good) } else { self.good.to_string() };
        let other = if is_form { "application/json" } else { "application/x-www-form-urlencoded" };
        self.is_refused("another media type", (self.request)().header("Content-Type", other).body(text.clone()));
        self.is_refused("no media type", (self.request)().body(text.clone()));
        let half = text[..text.len() / 2].to_owned();
        let empty = (self.request)().header("Content-Type", media_type).header("Content-Length", "0");
        self.is_refused("nothing", empty);
        if !is_form {
            self.is_refused("half of it", (self.request)().header("Content-Type", media_type).body(half));
        }
        bodies.len()
    }

    fn is_refused(&self, what: &str, request: RequestBuilder) {
        let at = format!("{} {}: {what}", self.method, self.template);
        let before = self.sandbox.ask("state");
        let answer = send(request);
        assert!(matches!(answer.status, 400 | 422), "{at}: {} {}", answer.status, answer.body);
        self.spec.check(self.method_name(), self.template, &answer);
        assert_eq!(self.sandbox.ask("state"), before, "{at}");
    }

    /// That the good body is one, at the end: it may change what the others need.
    fn accepts_the_good_one(&self) -> Answer {
        let (media_type, _) = self.spec.request(self.method_name(), self.template).expect("a body");
        let is_form = media_type == "application/x-www-form-urlencoded";
        let request = (self.request)();
        let answer = send(if is_form { request.form(&self.good) } else { request.json(&self.good) });
        assert!((200..300).contains(&answer.status), "{} {}: {}", self.method, self.template, answer.body);
        self.spec.check_schema(self.method_name(), self.template, &answer);
        answer
    }

    fn method_name(&self) -> &'static str {
        if self.method == Method::POST { "post" } else { "patch" }
    }
}

/// As a form has them; none of the values needs an escape.
fn pairs(form: &Value) -> String {
    let pairs = form.as_object().unwrap().iter();
    pairs.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect::<Vec<_>>().join("&")
}

#[test]
fn okta_installs_nothing_that_its_file_forbids() {
    let spec = OpenApi::load("management-api-services.openapi.yaml");
    let sandbox = Sandbox::start();
    let operation = Operation {
        spec: &spec,
        sandbox: &sandbox,
        method: Method::POST,
        template: INSTALL,
        request: Box::new(|| sandbox.okta(Method::POST, INSTALL)),
        good: json!({
            "type": TYPE, "grantedScopes": SCOPES, "properties": {"region": {"name": "region", "value": "eu"}},
        }),
    };
    // The schema has objects in there, the published examples texts: both are taken.
    let is_shown = |body: &Value| body.pointer("/properties/region").is_some_and(Value::is_string);
    // Another body, or less of it; the 2 members that must be there, or none; 3 scopes; the properties, one of them, its name
    // and its value. `[]`, `{}` or nothing is allowed where the schema does not say otherwise.
    assert_eq!(operation.refuses_what_is_forbidden(is_shown), 7 + 2 * 6 + 3 * 5 + 6 + 5 + 2 * 5);
    operation.accepts_the_good_one();
}

#[test]
fn the_token_endpoints_give_nothing_for_what_their_files_forbid() {
    let (okta, druva) = (OpenApi::load("oauth-token.openapi.yaml"), OpenApi::load("okta-links.openapi.yaml"));
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let operation = Operation {
        spec: &okta,
        sandbox: &sandbox,
        method: Method::POST,
        template: OKTA_TOKEN,
        request: Box::new(|| {
            let url = format!("{}{OKTA_TOKEN}", sandbox.okta);
            sandbox.bare(Method::POST, &url).basic_auth(&installed.id, Some(&installed.secret))
        }),
        good: json!({"grant_type": "client_credentials", "scope": SCOPES[0]}),
    };
    assert_eq!(operation.refuses_what_is_forbidden(|_| false), 3, "no type, an unknown one, no scope");
    operation.accepts_the_good_one();

    let (id, secret) = &sandbox.druva_credentials;
    let operation = Operation {
        spec: &druva,
        sandbox: &sandbox,
        method: Method::POST,
        template: DRUVA_TOKEN,
        request: Box::new(|| {
            sandbox.bare(Method::POST, &format!("{}{DRUVA_TOKEN}", sandbox.druva)).basic_auth(id, Some(secret))
        }),
        good: json!({"grant_type": "client_credentials", "scope": "read"}),
    };
    assert_eq!(operation.refuses_what_is_forbidden(|_| false), 2, "no type, an unknown one");
    operation.accepts_the_good_one();
}

#[test]
fn druva_links_and_switches_nothing_that_the_contract_forbids() {
    let spec = OpenApi::load("okta-links.openapi.yaml");
    let sandbox = Sandbox::start();
    let installed = sandbox.install();
    let credentials = json!({"clientId": installed.id, "clientSecret": installed.secret});
    let mut link = credentials.clone();
    link["oktaDomain"] = sandbox.okta.clone().into();
    let operation = |method: Method, template: &'static str, path: String, good: Value| {
        let sandbox = &sandbox;
        let request = Box::new({
            let method = method.clone();
            move || sandbox.druva(method.clone(), &path)
        });
        Operation { spec: &spec, sandbox, method, template, request, good }
    };
    let create = operation(Method::POST, DOMAINS, DOMAINS.to_owned(), link);
    assert_eq!(
        create.refuses_what_is_forbidden(|_| false),
        7 + 3 * 6,
        "another body, or less of it; another member, or none"
    );
    let id = create.accepts_the_good_one().text("/id");

    let path = format!("{DOMAINS}/{id}");
    let authorize =
        operation(Method::POST, "/okta/v1/domains/{id}/authorize", format!("{path}/authorize"), credentials);
    assert_eq!(authorize.refuses_what_is_forbidden(|_| false), 7 + 2 * 6);
    authorize.accepts_the_good_one();

    let switches = json!({"backupEnabled": true, "cloudKeyManagementEnabled": true});
    let switch = operation(Method::PATCH, "/okta/v1/domains/{id}", path, switches);
    assert_eq!(switch.refuses_what_is_forbidden(|_| false), 6 + 2 * 5, "a switch may be left out");
    switch.accepts_the_good_one();
}

/// In a URL: the file has them as texts, and the contract says which go together.
#[test]
fn parameters_that_cannot_be_are_refused() {
    let spec = OpenApi::load("okta-links.openapi.yaml");
    let sandbox = Sandbox::start();
    sandbox.link(&sandbox.install());
    sandbox.drift(json!({"action": "link", "okta_domain": "other.okta.com", "client_id": "c", "client_secret": "s"}));
    sandbox.set(json!({"druva_page_size": 1}));
    let token = sandbox.druva_get(DOMAINS).text("/nextPageToken");
    for query in ["pageToken=no-such-token".to_owned(), format!("pageToken={token}&oktaDomain=other.okta.com")] {
        let answer = sandbox.druva_get(&format!("{DOMAINS}?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        spec.check("get", DOMAINS, &answer);
    }
    assert_eq!(sandbox.druva_get(&format!("{DOMAINS}?pageToken={token}")).status, 200);
}
