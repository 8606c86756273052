//! 250 integrations and 250 links, refreshed by one process as `terraform plan` does it: ten at a time.

use serde_json::{Value, json};
use testkit::client::{Client, Identity, connect, tfplugin6 as tf};
use testkit::sandbox::Sandbox;
use tokio::task::JoinSet;
use tonic::transport::Channel;

use crate::measured;
use crate::start;
use tf::diagnostic::Severity;

type Provider = tf::provider_client::ProviderClient<Channel>;

const EACH: usize = 250;
/// What Terraform does at once unless it is told otherwise.
const PARALLELISM: usize = 10;
const INTEGRATION: &str = "druva_okta_integration";
const LINK: &str = "druva_okta_link";

/// What the state file holds of one resource.
struct Held {
    type_name: &'static str,
    state: Option<tf::DynamicValue>,
    private: Vec<u8>,
}

/// The most that was resident, in bytes.
pub async fn of_500_resources(terraform: &Identity) -> u64 {
    let sandbox = Sandbox::start();
    sandbox.settings(json!({"okta_rate_limit_per_minute": 1_000_000, "link_ids": "text"}));
    let ids = populate(&sandbox);

    // Another process, as after an import, so that only reading is measured.
    let importer = start(terraform);
    let client = configured(connect(&importer, Some(terraform)).await.expect("connects"), &sandbox).await;
    let held = each(&client, ids, import).await;
    assert_eq!(held.len(), 2 * EACH);
    let held = each(&client, held, refresh).await;

    let plugin = start(terraform);
    let mut client = connect(&plugin, Some(terraform)).await.expect("connects");
    client.provider.get_provider_schema(tf::get_provider_schema::Request {}).await.expect("a schema");
    let client = configured(client, &sandbox).await;
    let before: Vec<_> = held.iter().map(|held| held.state.clone()).collect();
    let refreshed = each(&client, held, refresh).await;
    assert_eq!(refreshed.into_iter().map(|held| held.state).collect::<Vec<_>>(), before, "nothing changed meanwhile");
    measured::most_resident(&plugin)
}

/// Fills both sides. Returns what to import.
fn populate(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let mut ids = Vec::new();
    for number in 0..EACH {
        let scopes = ["okta.users.read", "okta.groups.read", "okta.apps.read"];
        let installed = sandbox.drift(json!({"action": "install", "type": format!("type_{number}"), "scopes": scopes}));
        let link = sandbox.drift(json!({
            "action": "link", "okta_domain": format!("org-{number}.okta.com"), "client_id": installed["id"],
            "client_secret": installed["client_secret"], "backup_enabled": true, "cloud_key_management_enabled": false,
        }));
        ids.push((INTEGRATION, text(&installed["id"])));
        ids.push((LINK, text(&link["id"])));
    }
    ids
}

async fn configured(mut client: Client, sandbox: &Sandbox) -> Client {
    let config = json!({
        "client_id": sandbox.druva_client_id, "client_secret": sandbox.druva_client_secret, "api_url": sandbox.druva_url,
        "okta": {"org_url": sandbox.okta_url, "api_token": sandbox.okta_api_token},
    });
    let request = tf::configure_provider::Request {
        terraform_version: "1.13.0".to_owned(),
        config: Some(tf::DynamicValue { json: config.to_string().into_bytes(), ..Default::default() }),
        client_capabilities: None,
    };
    let answer = client.provider.configure_provider(request).await.expect("an answer").into_inner();
    no_error(&answer.diagnostics);
    client
}

/// Does something for each thing, as many at once as Terraform; the results are in the order of the things.
async fn each<T, R, F>(client: &Client, things: Vec<T>, act: impl Fn(Provider, T) -> F) -> Vec<R>
where
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let mut things = things.into_iter().enumerate();
    let (mut running, mut results) = (JoinSet::new(), Vec::new());
    loop {
        while running.len() < PARALLELISM
            && let Some((number, thing)) = things.next()
        {
            let result = act(client.provider.clone(), thing);
            running.spawn(async move { (number, result.await) });
        }
        let Some(result) = running.join_next().await else { break };
        results.push(result.expect("no panic"));
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

async fn import(mut provider: Provider, (type_name, id): (&'static str, String)) -> Held {
    let request = tf::import_resource_state::Request { type_name: type_name.to_owned(), id, ..Default::default() };
    let answer = provider.import_resource_state(request).await.expect("an answer").into_inner();
    no_error(&answer.diagnostics);
    let [imported] = <[_; 1]>::try_from(answer.imported_resources).expect("one");
    Held { type_name, state: imported.state, private: imported.private }
}

async fn refresh(mut provider: Provider, held: Held) -> Held {
    let request = tf::read_resource::Request {
        type_name: held.type_name.to_owned(),
        current_state: held.state,
        private: held.private,
        ..Default::default()
    };
    let answer = provider.read_resource(request).await.expect("an answer").into_inner();
    no_error(&answer.diagnostics);
    Held { state: answer.new_state, private: answer.private, ..held }
}

/// A warning is none: an imported integration has no secret.
fn no_error(diagnostics: &[tf::Diagnostic]) {
    let errors: Vec<_> = diagnostics.iter().filter(|said| said.severity() == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
