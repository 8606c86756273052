//! What servers answer, and what they answer instead.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use serde::de::DeserializeOwned;
use terraform_provider_druva::druva::okta_links::{Link, Page};
use terraform_provider_druva::http::{self, DecodeError, Response, TokenCache, TokenResponse};
use terraform_provider_druva::okta::api_services::{Instance, NewInstance, NewSecret, Secret};
use terraform_provider_druva::redaction::{ServerText, looks_like_an_id};
use terraform_provider_druva::{diagnostics, druva, okta};
use tf_provider::{AttributePath, Diagnostics};
use zeroize::Zeroizing;

use super::PLANTED;

const REFUSALS: [u16; 8] = [400, 401, 403, 404, 409, 429, 500, 503];

/// An answer of Okta: the first byte says to what, and with which status; the rest is the body.
pub fn okta_answer(data: &[u8]) {
    let [kind, body @ ..] = data else { return };
    match kind % 16 {
        0 => decoded::<Instance>(body, okta_misfit, look),
        1 => decoded::<Vec<Instance>>(body, okta_misfit, |all| all.iter().for_each(look)),
        2 => decoded::<NewInstance>(body, okta_misfit, |new| {
            look(&new.instance);
            assert_eq!(new.client_secret.okta_hash().len(), 22);
            quotes_nothing(&format!("{:?}", new.client_secret));
        }),
        3 => decoded::<Secret>(body, okta_misfit, look_at_secret),
        4 => decoded::<Vec<Secret>>(body, okta_misfit, |all| all.iter().for_each(look_at_secret)),
        5 => decoded::<NewSecret>(body, okta_misfit, |new| look_at_secret(&new.secret)),
        6 => token(body, okta_misfit),
        // Some refusals of Okta have no body, and say what they mean in a header.
        7 => {
            let mut refusal = answer(400, &[]);
            if let Ok(challenge) = HeaderValue::from_bytes(body) {
                refusal.headers.insert(WWW_AUTHENTICATE, challenge);
            }
            okta(&okta::Error::from_answer(&refusal));
        }
        _ => okta(&okta::Error::from_answer(&answer(status(*kind), body))),
    }
}

/// An answer of Druva, likewise.
pub fn druva_answer(data: &[u8]) {
    let [kind, body @ ..] = data else { return };
    match kind % 16 {
        0 => decoded::<Page>(body, druva_misfit, |page| page.domains.iter().for_each(look_at_link)),
        1 => decoded::<Link>(body, druva_misfit, look_at_link),
        2 => token(body, druva_misfit),
        _ => {
            let error = druva::Error::from_answer(&answer(status(*kind), body));
            druva(&if kind & 64 == 0 { error } else { druva::Error::Token(Box::new(error)) });
        }
    }
}

fn status(kind: u8) -> u16 {
    REFUSALS[usize::from(kind % 8)]
}

fn answer(status: u16, body: &[u8]) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    Response { status, headers: HeaderMap::new(), body: Zeroizing::new(body.to_vec()) }
}

fn look(instance: &Instance) {
    for id in [instance.client_id(), &instance.id] {
        assert!(looks_like_an_id(id), "{id:?}");
    }
    let words =
        instance.granted_scopes.iter().chain(instance.properties.iter().flat_map(|(name, value)| [name, value]));
    words.chain([&instance.kind]).for_each(|word| moves_nothing(word));
    let texts = [&instance.name, &instance.created_at, &instance.created_by, &instance.config_guide_url];
    texts.into_iter().flatten().for_each(read);
}

fn look_at_secret(secret: &Secret) {
    assert!(looks_like_an_id(&secret.id), "{:?}", secret.id);
    moves_nothing(&secret.secret_hash);
    read(&secret.created);
}

fn look_at_link(link: &Link) {
    assert!(looks_like_an_id(&link.id), "{:?}", link.id);
    [&link.okta_domain, &link.client_id, &link.app_status.shown()].into_iter().for_each(|word| moves_nothing(word));
    let backup = link.last_backup.as_ref();
    let backup = backup.map(|backup| [&backup.status, &backup.finished_on]).into_iter().flatten();
    let texts = [&link.app_status_reason, &link.storage_region, &link.backup_frequency, &link.backup_retention];
    backup.chain(texts).flatten().chain([&link.added_on]).for_each(read);
}

/// A text of the server's, also taken for a time.
fn read(text: &ServerText) {
    moves_nothing(&text.shown());
    quotes_nothing(&format!("{text} {text:?}"));
    // Nine thousand years in nanoseconds.
    assert!(text.unix_nanos().is_none_or(|nanos| nanos.abs() < 300_000_000_000_000_000_000), "{text}");
}

fn moves_nothing(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}

fn decoded<T: DeserializeOwned>(body: &[u8], report: fn(DecodeError), look: impl FnOnce(&T)) {
    match http::decode::<T>(&answer(200, body)) {
        Ok(value) => look(&value),
        Err(error) => report(error),
    }
}

fn token(body: &[u8], report: fn(DecodeError)) {
    let token = match http::decode::<TokenResponse>(&answer(200, body)) {
        Ok(token) => token,
        Err(error) => return report(error),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let cache = TokenCache::default();
    match runtime.block_on(cache.authorization(async { Ok::<_, http::Error>(token) })) {
        Ok((authorization, is_fresh)) => assert!(authorization.is_sensitive() && is_fresh),
        Err(error) => quotes_nothing(&format!("{error} {error:?}")),
    }
}

fn okta_misfit(error: DecodeError) {
    okta(&okta::Error::Decode(error));
}

fn druva_misfit(error: DecodeError) {
    druva(&druva::Error::Decode(error));
}

fn okta(error: &okta::Error) {
    let mut diags = Diagnostics::default();
    diagnostics::okta(&mut diags, diagnostics::OktaOperation::ReadIntegration("ID"), error, AttributePath::root());
    quotes_nothing(&format!("{error} {diags:?}"));
}

fn druva(error: &druva::Error) {
    let mut diags = Diagnostics::default();
    diagnostics::druva(&mut diags, diagnostics::DruvaOperation::ReadLink("ID"), error, AttributePath::root());
    quotes_nothing(&format!("{error} {diags:?}"));
}

fn quotes_nothing(text: &str) {
    assert!(!text.contains(PLANTED), "{text}");
}
