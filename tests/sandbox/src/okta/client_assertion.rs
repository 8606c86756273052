//! `private_key_jwt`: the checks that an assertion of a service app has to pass.

use super::ServiceApp;
use crate::clock;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::Value;

const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::ES256, Algorithm::ES384];
const LONGEST_LIFETIME_SECONDS: u64 = 3600;

/// The client that an assertion claims to be from; nothing about it is proved yet.
pub fn claimed_client(assertion: &str) -> Option<String> {
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(assertion).ok()?.claims;
    Some(claims.get("sub").or_else(|| claims.get("iss"))?.as_str()?.to_owned())
}

/// Accepts an assertion once, for one of the given token URLs, or says what is wrong with it.
pub fn accept(app: &mut ServiceApp, assertion: &str, token_urls: &[String]) -> Result<(), String> {
    let header = decode_header(assertion).map_err(|_| "The client_assertion is not a valid JWT.")?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err("The client_assertion has an unsupported signing algorithm.".to_owned());
    }
    if app.kid.is_some() && header.kid != app.kid {
        return Err("The kid of the client_assertion does not name a key of the client.".to_owned());
    }

    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    validation.validate_exp = false;
    let claims = decode::<Value>(assertion, &app.key, &validation)
        .map_err(|_| "The client_assertion signature is invalid.")?
        .claims;

    for claim in ["iss", "sub"] {
        if claims[claim] != *app.client_id {
            return Err(format!("The client_assertion '{claim}' claim must be the client_id."));
        }
    }
    if !is_for(&claims["aud"], token_urls) {
        return Err("The audience claim for client_assertion must be the endpoint invoked for the request.".to_owned());
    }
    let now = clock::epoch_seconds();
    let expires = claims["exp"].as_u64().ok_or("The client_assertion has no 'exp' claim.")?;
    if expires <= now {
        return Err("The client_assertion token is expired.".to_owned());
    }
    if expires > now + LONGEST_LIFETIME_SECONDS {
        return Err("The client_assertion token has an expiration more than one hour in the future.".to_owned());
    }

    // Okta does not demand a jti; with one, an assertion works once.
    if let Some(jti) = claims["jti"].as_str() {
        app.used.retain(|_, expires| *expires > now);
        if app.used.insert(jti.to_owned(), expires).is_some() {
            return Err("The client_assertion token has already been used.".to_owned());
        }
    }
    Ok(())
}

fn is_for(audience: &Value, urls: &[String]) -> bool {
    let named = |value: &Value| value.as_str().is_some_and(|text| urls.iter().any(|url| url == text));
    match audience {
        Value::Array(several) => several.iter().any(named),
        one => named(one),
    }
}
