//! Answers of both systems that are nearly what the specification says, with a secret anywhere in them.

use proptest::prelude::*;
use serde_json::{Value, json};
use terraform_provider_druva::druva::okta_links::AppStatus;

use super::cases;
use super::checks::{PLANTED, druva_answer, okta_answer};
use super::tree::{leaf, nearly};

/// The published answer to the request that installs.
fn instance() -> Value {
    json!({
        "id": "0oa72lrepvp4WqEET1d9", "type": "my_app_cie", "name": "My App Cloud Identity Engine",
        "createdAt": "2023-02-21T20:08:24.000Z", "createdBy": "00uu3u0ujW1P6AfZC2d5", "clientSecret": PLANTED,
        "configGuideUrl": "https://example.com/guide", "grantedScopes": ["okta.logs.read", "okta.groups.read"],
        "properties": { "orgId": 42, "baseUrl": "https://example.com" },
        "_links": {
            "self": { "href": "https://example.okta.com/integrations/api/v1/api-services/0oa72lrepvp4WqEET1d9" },
            "client": { "href": "https://example.okta.com/oauth2/v1/clients/0oa72lrepvp4WqEET1d9" },
            "logo": { "name": "small", "href": "https://example.com/logo" },
        },
    })
}

/// The published answer to the request that mints.
fn secret() -> Value {
    json!({
        "id": "ocs2f4zrZbs8nUa7p0g4", "status": "INACTIVE", "client_secret": PLANTED,
        "secret_hash": "yk4SVx4sUWVJVbHt6M-UPA", "created": "2023-02-21T20:08:24.000Z",
        "lastUpdated": "2023-02-21T20:08:24.000Z",
        "_links": { "activate": { "href": "https://example.okta.com/x", "hints": { "allow": ["POST"] } } },
    })
}

fn token() -> Value {
    json!({ "access_token": PLANTED, "token_type": "Bearer", "expires_in": 3600, "scope": "okta.logs.read" })
}

fn okta_error() -> Value {
    json!({
        "errorCode": "E0000001", "errorSummary": format!("Api validation failed: {PLANTED}"), "errorLink": "E0000001",
        "errorId": "oaeHfmOAx1iRLa0H10DeMz5fQ", "errorCauses": [{ "errorSummary": format!("'{PLANTED}' is not it.") }],
    })
}

fn oauth_error() -> Value {
    json!({ "error": "invalid_client", "error_description": format!("The client secret {PLANTED} is wrong.") })
}

fn link() -> Value {
    json!({
        "id": "d-1", "oktaDomain": "example.okta.com", "clientId": "0oa72lrepvp4WqEET1d9", "appStatus": AppStatus::CONNECTED,
        "appStatusReason": null, "backupEnabled": true, "cloudKeyManagementEnabled": true,
        "storageRegion": "us-east-1", "backupFrequency": "daily", "backupRetention": "90 days",
        "addedOn": "2026-01-01T00:00:00.000Z",
    })
}

fn druva_error() -> Value {
    json!({ "code": "CONFLICT", "message": format!("linked with {PLANTED}"), "data": { "id": "d-1" }, "retryable": false })
}

/// A leaf that may be the secret, or hold it.
fn planted() -> impl Strategy<Value = Value> + Clone {
    let quoted = ["{}", "\"{}\"", "Bearer {}", "https://u:{}@example.com/", "<b>{}</b>"];
    prop_oneof![
        2 => prop::sample::select(quoted.map(|text| Value::from(text.replace("{}", PLANTED))).to_vec()),
        1 => Just(json!({ PLANTED: PLANTED })),
        3 => leaf(),
    ]
}

/// An answer of the kind that the first byte says, as JSON that may end early or go on.
fn answer(kinds: Vec<(u8, Value)>) -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(kinds).prop_flat_map(|(kind, valid)| {
        let cut = proptest::option::weighted(0.3, any::<prop::sample::Index>());
        (nearly(valid, 3, planted()), cut, 0..8u8, "[ <>}x]{0,2}").prop_map(move |(json, cut, status, more)| {
            let mut text = json.to_string().into_bytes();
            text.truncate(cut.map_or(text.len(), |cut| cut.index(text.len())));
            // Where it is an error, the low bits are its status.
            let kind = if kind >= 8 { kind | status } else { kind };
            [vec![kind], text, more.into_bytes()].concat()
        })
    })
}

proptest! {
    #![proptest_config(cases(1200))]

    #[test]
    fn an_answer_of_okta_is_understood_or_refused_without_quoting_a_secret(
        answer in answer(vec![
            (0, instance()), (1, json!([instance(), instance()])), (2, instance()), (3, secret()),
            (4, json!([secret(), secret()])), (5, secret()), (6, token()), (8, okta_error()), (8, oauth_error()),
        ])
    ) {
        okta_answer(&answer);
    }

    #[test]
    fn an_answer_of_druva_is_understood_or_refused_without_quoting_a_secret(
        answer in answer(vec![
            (0, json!({ "domains": [link(), link()], "nextPageToken": "n" })), (1, link()), (2, token()),
            (8, druva_error()), (72, druva_error()),
        ])
    ) {
        druva_answer(&answer);
    }
}
