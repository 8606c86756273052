//! Terraform's requests, with values that Terraform would not send.

use std::io::Cursor;

use serde::Deserialize as _;
use serde::de::IgnoredAny;
use terraform_plugin::server::proto::tfplugin6 as tf;
use terraform_plugin::server::service::Service;
use terraform_provider_druva::INFO;
use terraform_provider_druva::druva::okta_links;
use terraform_provider_druva::provider::DruvaProvider;
use tf::provider_server::Provider as _;
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tonic::Request;

use super::PLANTED;

/// How many RPCs there are for the first byte to choose from.
pub const RPCS: u8 = 24;

/// Makes the call that `data` describes, and returns what the user would read.
///
/// The first byte chooses the RPC. In the second, bits 0 and 1 choose the resource type (two exist) or, with bit 4, the data
/// source, bit 2 a configured provider, bit 3 JSON instead of MessagePack, bits 4 and 5 the version of a stored state. The
/// rest is up to four values
/// in MessagePack, one behind the other; or one text, which serves for all of them.
pub fn rpc(data: &[u8]) -> Vec<tf::Diagnostic> {
    let [number, flags, rest @ ..] = data else { return Vec::new() };
    let call = Call { number: number % RPCS, flags: *flags, rest };
    let diagnostics = PROVIDERS.with(|providers| providers.runtime.block_on(call.make(providers)));
    for diagnostic in &diagnostics {
        let text = format!("{} {}", diagnostic.summary, diagnostic.detail);
        assert!(!text.contains("mistake in the provider"), "{text}");
    }
    diagnostics
}

thread_local! {
    static PROVIDERS: Providers = Providers::new();
}

/// Providers are kept from call to call, as by Terraform.
struct Providers {
    runtime: Runtime,
    /// Its servers and its proxy are a port that is taken and does not listen: no request leaves the machine.
    configured: Service,
    unconfigured: Service,
    /// For the calls that configure: it is never asked to do anything.
    scratch: Service,
    _port: TcpSocket,
}

impl Providers {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let service = || Service::new(DruvaProvider::new(CancellationToken::new()), &INFO, CancellationToken::new());
        let configured = service();
        let port = runtime.block_on(async {
            let port = TcpSocket::new_v4().expect("a socket");
            port.bind(([127, 0, 0, 1], 0).into()).expect("a port");
            let nowhere = format!("http://{}", port.local_addr().expect("an address"));
            let config = serde_json::json!({
                "client_id": "druva", "client_secret": PLANTED, "api_url": nowhere, "okta_api_path": okta_links::DEFAULT_PREFIX,
                "okta": { "org_url": nowhere, "api_token": PLANTED },
                "http_proxy": nowhere, "max_retries": 0, "request_timeout_seconds": 5,
            });
            let config = Some(tf::DynamicValue { msgpack: Vec::new(), json: config.to_string().into_bytes() });
            let request = tf::configure_provider::Request { config, ..Default::default() };
            let answer = configured.configure_provider(Request::new(request)).await.expect("an answer");
            assert_eq!(answer.into_inner().diagnostics, []);
            port
        });
        Self { runtime, configured, unconfigured: service(), scratch: service(), _port: port }
    }
}

struct Call<'a> {
    number: u8,
    flags: u8,
    rest: &'a [u8],
}

impl Call<'_> {
    async fn make(&self, providers: &Providers) -> Vec<tf::Diagnostic> {
        let service = if self.flags & 4 == 0 { &providers.unconfigured } else { &providers.configured };
        let scratch = &providers.scratch;
        let type_name = self.type_name();
        let [first, second, third] = self.values();
        let client_capabilities = Some(tf::ClientCapabilities {
            deferral_allowed: true,
            write_only_attributes_allowed: self.flags & 64 != 0,
        });
        macro_rules! ask {
            ($service:expr, $method:ident, $request:expr) => {
                $service.$method(Request::new($request)).await.expect("an answer").into_inner()
            };
        }
        match self.number {
            0 => ask!(scratch, get_metadata, tf::get_metadata::Request {}).diagnostics,
            1 => ask!(scratch, get_provider_schema, tf::get_provider_schema::Request {}).diagnostics,
            2 => {
                let request = tf::validate_provider_config::Request { config: first };
                ask!(scratch, validate_provider_config, request).diagnostics
            }
            3 => {
                let request = tf::configure_provider::Request { config: first, ..Default::default() };
                ask!(scratch, configure_provider, request).diagnostics
            }
            4 => {
                let request = tf::validate_resource_config::Request { type_name, config: first, client_capabilities };
                ask!(service, validate_resource_config, request).diagnostics
            }
            5 => {
                let version = [0, 1, -1, i64::MAX][usize::from(self.flags >> 4 & 3)];
                let raw_state = Some(tf::RawState { json: self.rest.to_vec(), ..Default::default() });
                let request = tf::upgrade_resource_state::Request { type_name, version, raw_state };
                ask!(service, upgrade_resource_state, request).diagnostics
            }
            6 => {
                let request = tf::read_resource::Request {
                    type_name,
                    current_state: first,
                    private: bytes(second),
                    client_capabilities,
                    ..Default::default()
                };
                let answer = ask!(service, read_resource, request);
                assert!(answer.new_state.is_some(), "a read that loses the state");
                answer.diagnostics
            }
            7 => {
                let request = tf::plan_resource_change::Request {
                    type_name,
                    prior_state: first,
                    proposed_new_state: second,
                    config: third,
                    client_capabilities,
                    ..Default::default()
                };
                let answer = ask!(service, plan_resource_change, request);
                assert!(failed(&answer.diagnostics) || answer.planned_state.is_some(), "neither a plan nor an error");
                answer.diagnostics
            }
            8 => {
                let request = tf::apply_resource_change::Request {
                    type_name,
                    prior_state: first.clone(),
                    planned_state: second,
                    config: third,
                    ..Default::default()
                };
                let answer = ask!(service, apply_resource_change, request);
                let failed = failed(&answer.diagnostics);
                let kept = answer.new_state.expect("an apply that loses the state");
                // Nothing can be deleted here, so what was there before is there still.
                let was_there = first.is_some_and(|prior| !is_null(&prior));
                assert!(!(failed && was_there && is_null(&kept)), "the state is lost");
                answer.diagnostics
            }
            9 => {
                let id = String::from_utf8_lossy(self.rest).into_owned();
                let request = tf::import_resource_state::Request { type_name, id, ..Default::default() };
                ask!(service, import_resource_state, request).diagnostics
            }
            10 => {
                let request =
                    tf::validate_data_resource_config::Request { type_name: self.data_source(), config: first };
                ask!(service, validate_data_resource_config, request).diagnostics
            }
            11 => {
                let request = tf::read_data_source::Request {
                    type_name: self.data_source(),
                    config: first,
                    ..Default::default()
                };
                let answer = ask!(service, read_data_source, request);
                assert!(answer.state.is_some() != failed(&answer.diagnostics), "neither a state nor an error");
                answer.diagnostics
            }
            12 => {
                let name = ["okta_domain", "okta_scopes"][usize::from(self.flags & 1)].to_owned();
                let arguments = [first, second, third].into_iter().flatten().collect();
                let answer = ask!(service, call_function, tf::call_function::Request { name, arguments });
                assert!(answer.result.is_some() != answer.error.is_some(), "neither a result nor an error");
                let error = answer.error.map(|error| tf::Diagnostic { summary: error.text, ..Default::default() });
                error.into_iter().collect()
            }
            13 => {
                let raw_identity = Some(tf::RawState { json: self.rest.to_vec(), ..Default::default() });
                let request = tf::upgrade_resource_identity::Request { type_name, version: 0, raw_identity };
                let answer = ask!(service, upgrade_resource_identity, request);
                assert!(answer.upgraded_identity.is_some() != failed(&answer.diagnostics), "neither this nor that");
                answer.diagnostics
            }
            14 => {
                let identity = Some(tf::ResourceIdentityData { identity_data: first });
                let request = tf::import_resource_state::Request { type_name, identity, ..Default::default() };
                ask!(service, import_resource_state, request).diagnostics
            }
            15 => {
                let request = tf::move_resource_state::Request {
                    source_provider_address: "registry.terraform.io/okta/okta".to_owned(),
                    source_type_name: "okta_api_service_integration".to_owned(),
                    source_state: Some(tf::RawState { json: self.rest.to_vec(), ..Default::default() }),
                    target_type_name: type_name,
                    ..Default::default()
                };
                let answer = ask!(service, move_resource_state, request);
                assert!(answer.target_state.is_some() != failed(&answer.diagnostics), "neither a state nor an error");
                answer.diagnostics
            }
            16 => {
                let type_name = "druva_access_token".to_owned();
                let request = tf::validate_ephemeral_resource_config::Request { type_name, config: first };
                ask!(service, validate_ephemeral_resource_config, request).diagnostics
            }
            17 => {
                let type_name = "druva_access_token".to_owned();
                let request = tf::open_ephemeral_resource::Request { type_name, config: first, ..Default::default() };
                let answer = ask!(service, open_ephemeral_resource, request);
                assert!(answer.result.is_some() != failed(&answer.diagnostics), "neither a result nor an error");
                answer.diagnostics
            }
            18 => {
                let request = tf::validate_list_resource_config::Request { type_name, config: first };
                ask!(service, validate_list_resource_config, request).diagnostics
            }
            19 => {
                let request =
                    tf::list_resource::Request { type_name, config: first, include_resource_object: true, limit: 9 };
                // Nobody answers, so that nothing is found.
                let events: Vec<_> = ask!(service, list_resource, request).collect().await;
                let said: Vec<_> = events.into_iter().flat_map(|event| event.expect("an event").diagnostic).collect();
                assert!(failed(&said), "neither objects nor an error");
                said
            }
            20 => {
                let request = tf::validate_action_config::Request { type_name: self.action(), config: first };
                ask!(service, validate_action_config, request).diagnostics
            }
            21 => {
                let request =
                    tf::plan_action::Request { action_type: self.action(), config: first, client_capabilities };
                ask!(service, plan_action, request).diagnostics
            }
            22 => {
                let request =
                    tf::invoke_action::Request { action_type: self.action(), config: first, client_capabilities };
                let events: Vec<_> = ask!(service, invoke_action, request).collect().await;
                let last = events.into_iter().last().expect("an event").expect("an event").r#type;
                let Some(tf::invoke_action::event::Type::Completed(last)) = last else { panic!("it never ends") };
                assert!(failed(&last.diagnostics), "done without anybody's answer");
                last.diagnostics
            }
            _ => {
                ask!(scratch, stop_provider, tf::stop_provider::Request {});
                Vec::new()
            }
        }
    }

    fn type_name(&self) -> String {
        let names = ["druva_okta_integration", "druva_okta_link", "druva_okta_integration", "druva_nonsense"];
        names[usize::from(self.flags & 3)].to_owned()
    }

    fn action(&self) -> String {
        ["druva_okta_backup", "druva_okta_reauthorize"][usize::from(self.flags & 1)].to_owned()
    }

    fn data_source(&self) -> String {
        let names = ["integration", "integrations", "link", "links", "preflight", "scopes", "nonsense"];
        let number = usize::from(self.flags & 3 | self.flags >> 2 & 4);
        format!("druva_okta_{}", names[number % names.len()])
    }

    fn values(&self) -> [Option<tf::DynamicValue>; 3] {
        if self.flags & 8 != 0 {
            let json = Some(tf::DynamicValue { msgpack: Vec::new(), json: self.rest.to_vec() });
            return [json.clone(), json.clone(), json];
        }
        let mut rest = self.rest;
        [(); 3].map(|()| {
            let value = first_value(rest);
            rest = &rest[value.len()..];
            (!value.is_empty()).then(|| tf::DynamicValue { msgpack: value.to_vec(), json: Vec::new() })
        })
    }
}

fn failed(diagnostics: &[tf::Diagnostic]) -> bool {
    diagnostics.iter().any(|found| found.severity() == tf::diagnostic::Severity::Error)
}

/// The first MessagePack value of `bytes`; all of them if they do not begin with one.
fn first_value(bytes: &[u8]) -> &[u8] {
    let mut reader = rmp_serde::Deserializer::new(Cursor::new(bytes));
    reader.set_max_depth(32);
    match IgnoredAny::deserialize(&mut reader) {
        Ok(_) => &bytes[..usize::try_from(reader.position()).expect("within the slice")],
        Err(_) => bytes,
    }
}

fn is_null(value: &tf::DynamicValue) -> bool {
    match (value.msgpack.as_slice(), value.json.trim_ascii()) {
        ([], json) => json.is_empty() || json == b"null",
        (msgpack, _) => msgpack == [0xc0],
    }
}

fn bytes(value: Option<tf::DynamicValue>) -> Vec<u8> {
    value.map(|value| value.msgpack).unwrap_or_default()
}
