//! What happens for every resource, every request and every start, without Terraform and without a network.

mod tls;

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use criterion::{Criterion, criterion_group, criterion_main};
use prost::Message as _;
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, Request, StatusCode};
use terraform_plugin::server::proto::tfplugin6 as tf;
use terraform_plugin::server::service::Service;
use terraform_plugin::{Encoded, Format};
use terraform_provider_druva::INFO;
use terraform_provider_druva::http::{Http, Repeat, Response, Settings};
use terraform_provider_druva::provider::DruvaProvider;
use terraform_provider_druva::resources::okta_integration::Model;
use terraform_provider_druva::scopes::DOCUMENTED;
use terraform_provider_druva::secret::ClientSecret;
use tf::provider_server::Provider as _;
use tf_provider::Diagnostics;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
}

fn service() -> Service {
    Service::new(DruvaProvider::new(CancellationToken::new()), &INFO, CancellationToken::new())
}

/// As long as one of Okta's.
fn secret() -> String {
    "s".repeat(40)
}

/// The state of an integration with the default scopes, as Terraform stores it.
fn stored_state() -> Vec<u8> {
    let granted: Vec<&str> = DOCUMENTED.iter().map(|scope| scope.name).collect();
    let state = serde_json::json!({
        "type": "druva_data_security_cloud", "granted_scopes": granted, "properties": null,
        "adopt_existing": false, "store_client_secret": true, "rotate_when_changed": {"month": "2026-01"},
        "replace_oldest_secret": false, "timeouts": {"create": "30m", "delete": null, "read": null, "update": null},
        "id": "0oa72lrepvp4WqEET1d9", "client_id": "0oa72lrepvp4WqEET1d9", "client_secret": secret(),
        "client_secret_id": "ocs2f4zrZbs8nUa7p0g4", "client_secret_hash": "yk4SVx4sUWVJVbHt6M-UPA",
        "client_secret_status": "ACTIVE", "name": "Druva Data Security Cloud", "org_url": "https://example.okta.com",
        "created_at": "2023-02-21T20:08:24.000Z", "created_by": "00uu3u0ujW1P6AfZC2d5",
        "config_guide_url": "https://example.com/guide",
    });
    state.to_string().into_bytes()
}

fn state(criterion: &mut Criterion) {
    let (service, mut diags) = (service(), Diagnostics::default());
    let request = tf::upgrade_resource_state::Request {
        type_name: "druva_okta_integration".to_owned(),
        version: 0,
        raw_state: Some(tf::RawState { json: stored_state(), ..Default::default() }),
    };
    let upgrade = async || {
        let answer = service.upgrade_resource_state(tonic::Request::new(request.clone())).await;
        answer.expect("an answer").into_inner()
    };
    let answer = runtime().block_on(upgrade());
    assert_eq!(answer.diagnostics, []);
    let value = answer.upgraded_state.expect("a state");
    let encoded = Encoded::new(Format::MessagePack, value.msgpack);
    let model: Model = encoded.decode(&mut diags, "state").expect("decodes");

    criterion.bench_function("a state decoded from MessagePack", |bencher| {
        bencher.iter(|| black_box(&encoded).decode::<Model>(&mut diags, "state").expect("decodes"));
    });
    let mut diags = Diagnostics::default();
    criterion.bench_function("a state encoded to MessagePack", |bencher| {
        bencher.iter(|| Encoded::encode(&mut diags, black_box(&model)).expect("encodes"));
    });
    criterion.bench_function("a stored state read (UpgradeResourceState)", |bencher| {
        bencher.to_async(runtime()).iter(&upgrade);
    });
}

fn schema(criterion: &mut Criterion) {
    let service = service();
    let answer = async || {
        let request = tonic::Request::new(tf::get_provider_schema::Request {});
        service.get_provider_schema(request).await.expect("an answer").into_inner()
    };
    let schemas = runtime().block_on(answer());
    assert!(schemas.diagnostics.is_empty() && schemas.resource_schemas.contains_key("druva_okta_link"));
    criterion.bench_function("the schemas built, at the start", |bencher| bencher.iter(self::service));
    criterion.bench_function("the schemas answered (GetProviderSchema)", |bencher| {
        bencher.to_async(runtime()).iter(&answer);
    });
    criterion.bench_function("the schemas encoded to protobuf", |bencher| {
        bencher.iter(|| black_box(&schemas).encode_to_vec());
    });
}

fn hash(criterion: &mut Criterion) {
    let secret = ClientSecret::from(secret());
    criterion.bench_function("Okta's hash of a secret", |bencher| bencher.iter(|| black_box(&secret).okta_hash()));
}

/// All that is decided about a request, and noted of its answer, except for sending it: an answer is there at once.
fn rate_limit(criterion: &mut Criterion) {
    let http = Http::new(Settings::default(), CancellationToken::new());
    // More than the bench can use up.
    let left = u32::MAX.to_string();
    let reset = SystemTime::now() + Duration::from_secs(3600);
    let reset = reset.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs().to_string();
    let headers = [("x-rate-limit-limit", &left), ("x-rate-limit-remaining", &left), ("x-rate-limit-reset", &reset)];
    let headers: HeaderMap = headers
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header")))
        .collect();
    let url: reqwest::Url = "https://example.okta.com/integrations/api/v1/api-services".parse().expect("a URL");
    let exchange = async |_: Request, _: String| {
        Ok(Response { status: StatusCode::OK, headers: headers.clone(), body: Zeroizing::default() })
    };
    let send = async || {
        let build = || Ok(Request::new(Method::GET, url.clone()));
        http.send_with(Repeat::Always, build, exchange).await.expect("an answer").status
    };
    criterion.bench_function("a request's place below the rate limit", |bencher| {
        bencher.to_async(runtime()).iter(&send);
    });
}

criterion_group!(hot_paths, state, schema, hash, rate_limit, tls::handshake);
criterion_main!(hot_paths);
