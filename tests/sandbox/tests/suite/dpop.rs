//! DPoP: tokens that are bound to a key, and the proofs that go with them.

use crate::{
    sandbox::{API_SERVICES, Answer, Sandbox, send},
    service_apps::{CLIENT, Key, MANAGE, claims, elliptic, register, rsa, sign},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, encode, jwk::Jwk};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A sandbox with a service app that demands DPoP, the app's key, and the key of the proofs.
struct Bound {
    sandbox: Sandbox,
    app: Key,
    key: Key,
}

impl Bound {
    fn new() -> Self {
        let bound = Self { sandbox: Sandbox::start(), app: elliptic(), key: elliptic() };
        let more = json!({"dpop_bound_access_tokens": true, "scopes": [MANAGE, "okta.oauthIntegrations.read"]});
        register(&bound.sandbox, &bound.app, more);
        bound
    }

    /// A request for a token, with a fresh assertion.
    fn token(&self, proof: Option<&str>) -> Answer {
        let assertion = sign(&self.app, None, &claims(&self.sandbox));
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "okta.oauthIntegrations.manage okta.oauthIntegrations.read"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let request = self.sandbox.bare(Method::POST, &self.token_url()).form(&form);
        send(match proof {
            Some(proof) => request.header("DPoP", proof),
            None => request,
        })
    }

    fn token_url(&self) -> String {
        format!("{}/oauth2/v1/token", self.sandbox.okta)
    }

    fn token_proof(&self, nonce: Option<&str>) -> Value {
        let mut proof = json!({"htm": "POST", "htu": self.token_url(), "iat": now(), "jti": unique()});
        if let Some(nonce) = nonce {
            proof["nonce"] = json!(nonce);
        }
        proof
    }

    fn nonce(&self) -> String {
        let answer = self.token(Some(&proof(&self.key, &self.token_proof(None))));
        answer.header("dpop-nonce").to_owned()
    }

    fn access_token(&self) -> String {
        let nonce = self.nonce();
        let answer = self.token(Some(&proof(&self.key, &self.token_proof(Some(&nonce)))));
        assert_eq!(answer.text("/token_type"), "DPoP");
        answer.text("/access_token")
    }

    fn list_url(&self) -> String {
        format!("{}{API_SERVICES}", self.sandbox.okta)
    }

    fn list_proof(&self, token: &str) -> Value {
        let ath = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token));
        json!({"htm": "GET", "htu": self.list_url(), "iat": now(), "jti": unique(), "ath": ath})
    }

    fn list(&self, authorization: &str, proof: &str) -> Answer {
        let request = self.sandbox.bare(Method::GET, &format!("{}?limit=1", self.list_url()));
        send(request.header("Authorization", authorization).header("DPoP", proof))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn unique() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed).to_string()
}

fn header(key: &Key) -> Header {
    let jwk = Jwk::from_encoding_key(&key.private, key.algorithm).unwrap();
    Header { typ: Some("dpop+jwt".to_owned()), jwk: Some(jwk), ..Header::new(key.algorithm) }
}

fn proof(key: &Key, claims: &Value) -> String {
    encode(&header(key), claims, &key.private).unwrap()
}

/// Fails unless the token endpoint refused with this code. Gives its sentence.
#[track_caller]
fn refused(answer: &Answer, error: &str) -> String {
    assert_eq!((answer.status, answer.text("/error").as_str()), (400, error), "{}", answer.body);
    answer.text("/error_description")
}

/// Fails unless the API refused as Okta's does: in a header, with an empty body.
#[track_caller]
fn challenged(answer: &Answer, status: u16, scheme: &str, error: &str, says: &str) {
    assert_eq!((answer.status, &answer.body), (status, &Value::Null));
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with(scheme), "{challenge}");
    assert!(challenge.contains(&format!("error=\"{error}\"")) && challenge.contains(says), "{challenge}");
}

#[test]
fn an_app_that_demands_dpop_gets_a_token_with_a_proof_and_a_nonce() {
    let bound = Bound::new();
    let missing = refused(&bound.token(None), "invalid_dpop_proof");
    assert_eq!(missing, "The DPoP proof JWT header is missing.");
    let first = bound.token(Some(&proof(&bound.key, &bound.token_proof(None))));
    assert_eq!(refused(&first, "use_dpop_nonce"), "Authorization server requires nonce in DPoP proof.");
    let nonce = first.header("dpop-nonce").to_owned();
    let wrong = bound.token(Some(&proof(&bound.key, &bound.token_proof(Some("another")))));
    refused(&wrong, "use_dpop_nonce");
    let second = bound.token(Some(&proof(&bound.key, &bound.token_proof(Some(&nonce)))));
    assert_eq!((second.status, second.text("/token_type").as_str()), (200, "DPoP"), "{}", second.body);
    assert_eq!(second.header("dpop-nonce"), nonce);
}

#[test]
fn an_app_that_does_not_demand_dpop_gets_a_bearer_token() {
    let bound = Bound::new();
    register(&bound.sandbox, &bound.app, json!({"scopes": [MANAGE, "okta.oauthIntegrations.read"]}));
    assert_eq!(bound.token(None).text("/token_type"), "Bearer");
}

#[test]
fn a_bound_token_works_with_proofs_of_its_key() {
    let bound = Bound { key: rsa(Algorithm::RS256), ..Bound::new() };
    let token = bound.access_token();
    for _ in 0..2 {
        let answer = bound.list(&format!("DPoP {token}"), &proof(&bound.key, &bound.list_proof(&token)));
        assert_eq!(answer.status, 200, "{:?}", answer.headers);
    }
}

#[test]
fn a_bound_token_is_no_bearer_token() {
    let bound = Bound::new();
    let token = bound.access_token();
    let request = bound.sandbox.bare(Method::GET, &bound.list_url()).bearer_auth(&token);
    challenged(&send(request), 400, "Bearer", "invalid_request", "The resource request requires a DPoP proof.");
    let request = bound.sandbox.bare(Method::GET, &bound.list_url()).header("Authorization", format!("DPoP {token}"));
    challenged(&send(request), 400, "DPoP", "invalid_dpop_proof", "header is missing");
    let unknown = bound.list("DPoP unknown", &proof(&bound.key, &bound.list_proof("unknown")));
    assert_eq!((unknown.status, unknown.text("/errorCode").as_str()), (401, "E0000011"));
}

/// Claims that the token endpoint and the API refuse alike.
fn wrong_claims() -> Vec<(&'static str, Value)> {
    vec![
        ("htm", json!("PUT")),
        ("htm", Value::Null),
        ("htu", json!("http://127.0.0.1:1/oauth2/v1/token")),
        ("htu", Value::Null),
        ("iat", json!(now() - 400)),
        ("iat", json!(now() + 400)),
        ("iat", Value::Null),
        ("jti", Value::Null),
    ]
}

#[test]
fn a_proof_of_something_else_is_refused_by_the_token_endpoint() {
    let bound = Bound::new();
    let nonce = bound.nonce();
    for (claim, value) in wrong_claims() {
        let mut claims = bound.token_proof(Some(&nonce));
        claims[claim] = value.clone();
        let said = refused(&bound.token(Some(&proof(&bound.key, &claims))), "invalid_dpop_proof");
        assert_eq!(said, format!("'{claim}' claim in the DPoP proof JWT is invalid."), "{value}");
    }
}

#[test]
fn a_proof_of_something_else_is_refused_by_the_api() {
    let bound = Bound::new();
    let token = bound.access_token();
    let with_query = json!(format!("{}?limit=1", bound.list_url()));
    let others = [("htu", with_query), ("ath", json!("AAAA")), ("ath", Value::Null)];
    for (claim, value) in wrong_claims().into_iter().chain(others) {
        let mut claims = bound.list_proof(&token);
        claims[claim] = value.clone();
        let answer = bound.list(&format!("DPoP {token}"), &proof(&bound.key, &claims));
        let said = format!("'{claim}' claim in the DPoP proof JWT is invalid.");
        challenged(&answer, 400, "DPoP", "invalid_dpop_proof", &said);
    }
    let stolen = bound.list(&format!("DPoP {token}"), &proof(&elliptic(), &bound.list_proof(&token)));
    challenged(&stolen, 400, "DPoP", "invalid_dpop_proof", "is not signed with the bound key");
}

#[test]
fn a_proof_works_once() {
    let bound = Bound::new();
    let nonce = bound.nonce();
    let once = proof(&bound.key, &bound.token_proof(Some(&nonce)));
    let token = bound.token(Some(&once)).text("/access_token");
    assert!(refused(&bound.token(Some(&once)), "invalid_dpop_proof").contains("already been used"));
    let once = proof(&bound.key, &bound.list_proof(&token));
    assert_eq!(bound.list(&format!("DPoP {token}"), &once).status, 200);
    let replayed = bound.list(&format!("DPoP {token}"), &once);
    challenged(&replayed, 400, "DPoP", "invalid_dpop_proof", "The DPoP proof JWT has already been used.");
    // Nor a proof that was refused for its nonce: the next one needs another jti.
    let mut claims = bound.token_proof(None);
    refused(&bound.token(Some(&proof(&bound.key, &claims))), "use_dpop_nonce");
    claims["nonce"] = json!(nonce);
    assert!(refused(&bound.token(Some(&proof(&bound.key, &claims))), "invalid_dpop_proof").contains("already"));
}

#[test]
fn what_is_no_proof_is_refused() {
    let bound = Bound::new();
    let claims = bound.token_proof(Some(&bound.nonce()));
    let with = |change: &dyn Fn(&mut Header)| {
        let mut header = header(&bound.key);
        change(&mut header);
        encode(&header, &claims, &bound.key.private).unwrap()
    };
    let say = |proof: &str| refused(&bound.token(Some(proof)), "invalid_dpop_proof");
    assert!(say("no.jwt.here").contains("not a valid JWT"));
    assert!(say(&with(&|header| header.typ = Some("JWT".to_owned()))).contains("'typ'"));
    assert!(say(&with(&|header| header.jwk = None)).contains("'jwk'"));
    let other = elliptic();
    let foreign = Jwk::from_encoding_key(&other.private, other.algorithm).unwrap();
    assert!(say(&with(&|header| header.jwk = Some(foreign.clone()))).contains("signature"));

    let by_hand = |header: Value| {
        let part = |json: &Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.AAAA", part(&header), part(&claims))
    };
    let public = serde_json::to_value(header(&bound.key).jwk.unwrap()).unwrap();
    let mut private = public.clone();
    private["d"] = json!("AAAA");
    for alg in ["none", "HS256"] {
        assert!(say(&by_hand(json!({"typ": "dpop+jwt", "alg": alg, "jwk": public}))).contains("'alg'"));
    }
    assert!(say(&by_hand(json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": private}))).contains("private members"));

    let assertion = sign(&bound.app, None, &claims_of_the_app(&bound));
    let twice = bound
        .sandbox
        .bare(Method::POST, &bound.token_url())
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ])
        .header("DPoP", with(&|_| {}))
        .header("DPoP", with(&|_| {}));
    assert!(refused(&send(twice), "invalid_dpop_proof").contains("more than one"));
}

fn claims_of_the_app(bound: &Bound) -> Value {
    let claims = claims(&bound.sandbox);
    assert_eq!(claims["sub"], CLIENT);
    claims
}

#[test]
fn a_nonce_has_a_lifetime() {
    let bound = Bound::new();
    bound.sandbox.set(json!({"okta_dpop_nonce_lifetime_seconds": 1}));
    let nonce = bound.nonce();
    std::thread::sleep(Duration::from_millis(1100));
    let late = bound.token(Some(&proof(&bound.key, &bound.token_proof(Some(&nonce)))));
    refused(&late, "use_dpop_nonce");
    assert_ne!(late.header("dpop-nonce"), nonce);
}

#[test]
fn the_api_demands_a_nonce_if_told_to() {
    let bound = Bound::new();
    let token = bound.access_token();
    bound.sandbox.set(json!({"okta_dpop_api_nonce": true}));
    let mut claims = bound.list_proof(&token);
    let first = bound.list(&format!("DPoP {token}"), &proof(&bound.key, &claims));
    challenged(&first, 401, "DPoP", "use_dpop_nonce", "Resource server requires nonce in DPoP proof");
    claims["nonce"] = json!(first.header("dpop-nonce"));
    claims["jti"] = json!(unique());
    assert_eq!(bound.list(&format!("DPoP {token}"), &proof(&bound.key, &claims)).status, 200);
}
