//! Service apps, which sign an assertion.

use crate::sandbox::{API_SERVICES, Answer, SCOPES, Sandbox, TYPE, send};
use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        KeyPair as _,
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

pub const CLIENT: &str = "0oaServiceApp";
pub const MANAGE: &str = "okta.oauthIntegrations.manage";

/// A key pair of a service app.
pub struct Key {
    pub algorithm: Algorithm,
    pub private: EncodingKey,
    registration: Value,
}

pub fn elliptic() -> Key {
    elliptic_of(Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING).0
}

fn elliptic_384() -> Key {
    elliptic_of(Algorithm::ES384, &ECDSA_P384_SHA384_FIXED_SIGNING).0
}

fn elliptic_by_jwk() -> Key {
    let (key, point) = elliptic_of(Algorithm::ES256, &ECDSA_P256_SHA256_FIXED_SIGNING);
    // Uncompressed: a byte that says so, x, y.
    let (x, y) = point[1..].split_at(32);
    let [x, y] = [x, y].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    Key { registration: json!({"jwk": {"kty": "EC", "crv": "P-256", "x": x, "y": y}}), ..key }
}

/// A key, and its public point.
fn elliptic_of(algorithm: Algorithm, curve: &'static EcdsaSigningAlgorithm) -> (Key, Vec<u8>) {
    let key = EcdsaKeyPair::generate(curve).unwrap();
    let private = key.to_pkcs8v1().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    let registration = json!({"public_key_pem": pem("PUBLIC KEY", public.as_ref())});
    let private = EncodingKey::from_ec_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes()).unwrap();
    (Key { algorithm, private, registration }, key.public_key().as_ref().to_vec())
}

fn pem(tag: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(tag, der))
}

/// Of the length that the backend demands; it makes one fast.
pub fn rsa(algorithm: Algorithm) -> Key {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    Key {
        algorithm,
        private: EncodingKey::from_rsa_pem(pem("PRIVATE KEY", private.as_ref()).as_bytes()).unwrap(),
        registration: json!({"public_key_pem": pem("PUBLIC KEY", public.as_ref())}),
    }
}

pub fn register(sandbox: &Sandbox, key: &Key, more: Value) {
    let mut app = json!({"client_id": CLIENT, "scopes": [MANAGE, "okta.roles.read"], "role": "SUPER_ADMIN"});
    for part in [&key.registration, &more] {
        app.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    let answer = sandbox.control(Method::POST, "service_apps", &app);
    assert_eq!(answer.status, 201, "{}", answer.body);
}

pub fn claims(sandbox: &Sandbox) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    json!({
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": format!("{}/oauth2/v1/token", sandbox.okta),
        "exp": now.as_secs() + 300,
        "jti": now.as_nanos().to_string(),
    })
}

pub fn sign(key: &Key, kid: Option<&str>, claims: &Value) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(key.algorithm) };
    encode(&header, claims, &key.private).unwrap()
}

fn token(sandbox: &Sandbox, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", MANAGE),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    send(sandbox.bare(Method::POST, &format!("{}/oauth2/v1/token", sandbox.okta)).form(&form))
}

#[track_caller]
fn refused(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.text("/error").as_str()), (401, "invalid_client"), "{}", answer.body);
    answer.text("/error_description")
}

#[test]
fn a_signed_assertion_gets_a_token_that_works() {
    let sandbox = Sandbox::start();
    let rsa = [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512].map(rsa);
    for key in [elliptic(), elliptic_by_jwk(), elliptic_384()].into_iter().chain(rsa) {
        register(&sandbox, &key, json!({}));
        let answer = token(&sandbox, &sign(&key, None, &claims(&sandbox)));
        assert_eq!(answer.status, 200, "{:?} {}", key.algorithm, answer.body);
        let install = sandbox.bare(Method::POST, &format!("{}{API_SERVICES}", sandbox.okta));
        let install = install.bearer_auth(answer.text("/access_token"));
        assert_eq!(send(install.json(&json!({"type": TYPE, "grantedScopes": SCOPES}))).status, 201);
    }
}

#[test]
fn a_wrong_assertion_is_refused() {
    let sandbox = Sandbox::start();
    let key = elliptic();
    register(&sandbox, &key, json!({}));
    let now = claims(&sandbox)["exp"].as_u64().unwrap() - 300;
    let wrong = [
        ("aud", json!("https://example.okta.com/oauth2/v1/token"), "audience"),
        ("aud", json!(sandbox.okta), "audience"),
        ("exp", json!(now - 1), "expired"),
        ("exp", json!(now + 3700), "one hour"),
        ("exp", Value::Null, "exp"),
        ("iss", json!("0oaOther"), "iss"),
        ("sub", json!("0oaOther"), "client_id"),
    ];
    for (claim, value, why) in wrong {
        let mut claims = claims(&sandbox);
        claims[claim] = value;
        let said = refused(&token(&sandbox, &sign(&key, None, &claims)));
        assert!(said.contains(why), "{claim}: {said}");
    }
    assert!(refused(&token(&sandbox, &sign(&elliptic(), None, &claims(&sandbox)))).contains("signature"));
    assert!(refused(&token(&sandbox, &sign(&rsa(Algorithm::RS256), None, &claims(&sandbox)))).contains("signature"));
    assert!(refused(&token(&sandbox, "no.jwt.here")).contains("JWT"));
}

#[test]
fn an_assertion_works_once() {
    let sandbox = Sandbox::start();
    let key = elliptic();
    register(&sandbox, &key, json!({}));
    let assertion = sign(&key, None, &claims(&sandbox));
    assert_eq!(token(&sandbox, &assertion).status, 200);
    assert!(refused(&token(&sandbox, &assertion)).contains("already been used"));
}

#[test]
fn a_registered_kid_must_be_named() {
    let sandbox = Sandbox::start();
    let key = elliptic();
    register(&sandbox, &key, json!({"kid": "one"}));
    assert!(refused(&token(&sandbox, &sign(&key, None, &claims(&sandbox)))).contains("kid"));
    assert!(refused(&token(&sandbox, &sign(&key, Some("two"), &claims(&sandbox)))).contains("kid"));
    assert_eq!(token(&sandbox, &sign(&key, Some("one"), &claims(&sandbox))).status, 200);
}

#[test]
fn the_role_of_a_service_app_counts() {
    let sandbox = Sandbox::start();
    let key = elliptic();
    register(&sandbox, &key, json!({"role": "READ_ONLY_ADMIN"}));
    let bearer = token(&sandbox, &sign(&key, None, &claims(&sandbox))).text("/access_token");
    let install = sandbox.bare(Method::POST, &format!("{}{API_SERVICES}", sandbox.okta)).bearer_auth(bearer);
    assert_eq!(send(install.json(&json!({"type": TYPE, "grantedScopes": SCOPES}))).status, 403);
    let roles = sandbox.okta_get(&format!("/oauth2/v1/clients/{CLIENT}/roles"));
    assert_eq!(roles.text("/0/type"), "READ_ONLY_ADMIN");
    assert_eq!(roles.text("/0/assignmentType"), "CLIENT");
}
