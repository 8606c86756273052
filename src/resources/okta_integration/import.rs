//! Integrations that come into the state without having been installed by it: imported, or moved from Okta's provider.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Model, problems};
use crate::framework::{Moved, Report, Reported};
use crate::okta::api_services::Instance;
use crate::resources::client_secrets::NOT_HELD;
use crate::{diagnostics, okta};

/// The type of Okta's own provider for the same object, as `registry.terraform.io/okta/okta` names it.
const OKTA_TYPE: &str = "okta_api_service_integration";

/// The integration with this id.
pub(super) async fn find(okta: &okta::Client, id: &str, diags: &mut Diagnostics) -> Result<Instance, Reported> {
    diagnostics::expect_integration_id(diags, id, AttributePath::root())?;
    diagnostics::find_integration(diags, okta, id, AttributePath::root()).await
}

/// The state of an integration whose secret nobody here knows.
pub(crate) fn state(instance: &Instance, okta: &okta::Client) -> Model {
    without_secret().observed(instance, okta)
}

fn without_secret() -> Model {
    Model {
        client_secret_status: Value::Value(NOT_HELD.to_owned()),
        ..Model::default().with_own_defaults(&Model::default())
    }
}

/// What Okta's provider knew of an integration: the next read adds the rest. None for other types.
pub(super) fn moved(from: &Moved, diags: &mut Diagnostics) -> Option<Model> {
    let is_okta_s = from.type_name == OKTA_TYPE && from.provider.ends_with("/okta/okta");
    let id = from.state["id"].as_str().filter(|_| is_okta_s)?;
    let kind = from.state["type"].as_str().map(str::to_owned);
    warn(diags, "moved", id);
    Some(Model { id: Value::Value(id.to_owned()), kind: kind.map_or(Value::Null, Value::Value), ..without_secret() })
}

/// Says that there is no secret, and how to get one.
pub(super) fn warn(diags: &mut Diagnostics, what: &str, id: &str) {
    diags.warn(
        problems::without_secret(what),
        format!(
            "Okta shows a client secret once, so the one of {id} cannot be {what}: client_secret is null, and a link \
             that exists keeps working with the secret that Druva has. To get a secret of your own, set \
             rotate_when_changed to any values and apply: the provider mints a second secret, and a link that refers to \
             it moves to it."
        ),
        AttributePath::new("client_secret"),
    );
}
