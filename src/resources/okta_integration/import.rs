//! Integrations that come into the state without having been installed by it: imported, or moved from Okta's provider.

use terraform_plugin::nullable;
use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{ImportBy, Moved, Report, Reported, State};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::private::Private;
use super::problems;
use crate::clients::SharedClients;
use crate::linking::client_secrets::NOT_HELD;
use crate::okta::api_services::Instance;
use crate::{diagnostics, okta};

/// The type of Okta's own provider for the same object.
const OKTA_TYPE: &str = "okta_api_service_integration";

/// The state of the integration that is meant.
///
/// # Errors
/// One that there is none, or that Okta does not tell; or that it is another org's.
pub(super) async fn import(
    clients: &SharedClients,
    by: &ImportBy,
    diags: &mut Diagnostics,
) -> Result<State<Model, Private>, Reported> {
    let id = match by {
        ImportBy::Id(id) => id,
        ImportBy::Identity(identity) => {
            let id = identity.expect(diags, "id")?;
            expect_org(clients, identity.get("org_url"), diags)?;
            id
        }
    };
    let okta = clients.until(timeouts::deadline(&Value::Null, Operation::Read)).okta(diags)?;
    diagnostics::expect_integration_id(diags, id, AttributePath::root())?;
    let instance = diagnostics::find_integration(diags, &okta, id, AttributePath::root()).await?;
    warn(diags, "imported", &instance.id);
    let model = state(&instance, &okta);
    let private = Private::of(&model);
    Ok(State { model, private })
}

/// Lets an import go on where its identity names no other org than the provider's.
///
/// # Errors
/// One that it does.
fn expect_org(clients: &SharedClients, org: Option<&str>, diags: &mut Diagnostics) -> Result<(), Reported> {
    let okta = clients.okta(diags)?;
    match org.filter(|org| !okta.domain().is_same_org(org)) {
        None => Ok(()),
        Some(org) => Err(diags.fail(
            problems::other_org(),
            format!(
                "The identity names the org \"{org}\", and okta.org_url is {}. Choose one of these:\n  - Leave org_url out \
                 of the identity.\n  - Set okta.org_url to the org where the integration is installed.",
                okta.domain()
            ),
            AttributePath::new("org_url"),
        )),
    }
}

/// The state of an integration whose secret nobody here knows.
pub(crate) fn state(instance: &Instance, okta: &okta::Client) -> Model {
    without_secret().observed(instance, okta)
}

fn without_secret() -> Model {
    Model { client_secret_status: Value::Value(NOT_HELD.to_owned()), ..Model::default() }
}

/// What Okta's provider knew of an integration: the next read adds the rest. None for other types.
pub(super) fn moved(from: &Moved) -> Option<Model> {
    // Some releases of OpenTofu leave out the registry and the namespace (1.10, 1.11.11 and 1.12.3 among them).
    let is_okta_s = from.type_name == OKTA_TYPE && from.provider.rsplit('/').next() == Some("okta");
    let id = from.state["id"].as_str().filter(|_| is_okta_s)?;
    let kind = from.state["type"].as_str().map(str::to_owned);
    Some(Model { id: Value::Value(id.to_owned()), kind: nullable(kind), ..without_secret() })
}

/// Says that there is no secret, and how to get one.
pub(super) fn warn(diags: &mut Diagnostics, what: &str, id: &str) {
    diags.warn(
        problems::without_secret(what),
        format!(
            "Okta shows a client secret once, so the one of {id} cannot be {what}. client_secret is null. A link that \
             exists keeps working with the secret that Druva has.\n\nTo get a secret of your own, set rotate_when_changed to \
             any values, and apply. The provider mints a second secret, and a link that refers to it moves to it."
        ),
        AttributePath::new("client_secret"),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn what_oktas_provider_managed_is_known_by_its_type() {
        let (okta, whole) = ("registry.terraform.io/okta/okta", json!({"id": "0oa1", "type": "t", "name": "n"}));
        let without_type = json!({"id": "0oa1"});
        for (name, provider, type_name, state, expected) in [
            ("an integration", okta, OKTA_TYPE, &whole, Some(("0oa1", Some("t")))),
            ("of OpenTofu, which names the last part alone", "okta", OKTA_TYPE, &whole, Some(("0oa1", Some("t")))),
            ("of a mirror", "terraform.example.com/okta/okta", OKTA_TYPE, &whole, Some(("0oa1", Some("t")))),
            ("of OpenTofu's registry", "registry.opentofu.org/okta/okta", OKTA_TYPE, &whole, Some(("0oa1", Some("t")))),
            ("without a type", okta, OKTA_TYPE, &without_type, Some(("0oa1", None))),
            ("without an id", okta, OKTA_TYPE, &json!({"type": "t"}), None),
            ("whose id is no text", okta, OKTA_TYPE, &json!({"id": 1}), None),
            ("that is nothing", okta, OKTA_TYPE, &Json::Null, None),
            ("another type", okta, "okta_group", &whole, None),
            ("another provider", "registry.terraform.io/okta/acme", OKTA_TYPE, &whole, None),
        ] {
            let from = Moved { provider: provider.to_owned(), type_name: type_name.to_owned(), state: state.clone() };
            let model = moved(&from);
            let known = model.as_ref().map(|model| (model.id.as_deref_option().unwrap(), model.kind.as_deref_option()));
            assert_eq!(known, expected, "{name}");
            let Some(model) = model else { continue };
            assert_eq!(model.client_secret_status.as_deref_option(), Some(NOT_HELD), "{name}");
            assert!(model.granted_scopes.is_null() && model.client_secret.is_null(), "{name}");
        }
    }
}
