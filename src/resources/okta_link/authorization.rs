//! Giving Druva a client and its secret: when it is needed, proving the secret first, and waiting for the connection.

use std::time::Duration;

use reqwest::StatusCode;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::Model;
use crate::clients::{Availability, SharedClients};
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, Link, Switches};
use crate::framework::Report;
use crate::okta::secret_proof;
use crate::resources::{client_secrets, nullable};
use crate::{diagnostics, druva, okta};

/// How often Druva is asked whether it is connected, at first and at most.
const FIRST_POLL: Duration = Duration::from_millis(500);
const SLOWEST_POLL: Duration = Duration::from_secs(10);

/// Why Druva must be given a client and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// There is no link yet.
    New,
    /// The configuration has another client.
    OtherClient,
    /// The configuration has another secret.
    OtherSecret,
    /// Druva does not get in any more, with Druva's reason.
    NotConnected(Option<String>),
}

/// Why `plan` gives Druva a client and secret, if it does. Without a secret a link that works is left as it is.
pub(super) fn needed(prior: &Model, plan: &Model) -> Option<Reason> {
    if plan.client_id != prior.client_id {
        return Some(Reason::OtherClient);
    }
    if !plan.client_secret.is_null() && plan.client_secret != prior.client_secret {
        return Some(Reason::OtherSecret);
    }
    let status = prior.status.as_deref_option();
    let is_lost = status.is_some_and(|status| status != AppStatus::Connected.as_str());
    is_lost.then(|| Reason::NotConnected(prior.status_reason.as_ref_option().cloned()))
}

impl Reason {
    /// An error: this cannot be done without a secret.
    pub fn demand_secret(&self, diags: &mut Diagnostics) {
        let (why, hint) = match self {
            Self::New => ("Linking an Okta org needs a client secret, and client_secret is null.", ""),
            Self::OtherClient => ("Another client needs its secret, and client_secret is null.", ""),
            Self::OtherSecret => ("Re-authorizing needs a client secret, and client_secret is null.", ""),
            Self::NotConnected(_) => (
                "Druva has lost the connection to the Okta org; re-authorizing needs a client secret, and client_secret \
                 is null.",
                " To leave the link as it is for now, plan with -refresh=false or -target.",
            ),
        };
        diags.fail(
            "A client secret is needed",
            format!(
                "{why}{} Refer to the client_secret of a druva_okta_integration. If that is null because the \
                 integration was imported, set adopt_existing = true there: the provider then mints one.{hint}",
                self.druvas_reason()
            ),
            AttributePath::new("client_secret"),
        );
    }

    /// What the plan does not show by itself.
    pub fn announce(&self, diags: &mut Diagnostics) {
        if let Self::NotConnected(_) = self {
            diags.warn(
                "Druva is not connected to the Okta org",
                format!("This plan re-authorizes Druva with the configured secret.{}", self.druvas_reason()),
                AttributePath::new("status"),
            );
        }
    }

    fn druvas_reason(&self) -> String {
        match self {
            Self::NotConnected(Some(reason)) => format!(" Druva's reason: {reason}"),
            _ => String::new(),
        }
    }
}

/// The attribute that Druva's refusal concerns: the secret, if Druva tried it.
pub(super) fn attribute(error: &druva::Error) -> AttributePath {
    match error.status() {
        Some(StatusCode::BAD_REQUEST) => AttributePath::new("client_secret"),
        _ => AttributePath::root(),
    }
}

/// Proves the secret at Okta's token endpoint, before Druva is given it.
pub(super) async fn prove(
    clients: &SharedClients,
    druva: &druva::Client,
    planned: &Model,
    domain: &OktaDomain,
    diags: &mut Diagnostics,
) -> Option<()> {
    if planned.verify_client_secret != Value::Value(true) {
        return Some(());
    }
    let (Value::Value(client_id), Value::Value(secret)) = (&planned.client_id, &planned.client_secret) else {
        Reason::OtherSecret.demand_secret(diags);
        return None;
    };
    let granted_scope = match okta_of(clients, domain) {
        // The client id equals the id of the integration in every published example; where it does not, no scope is known.
        Some(okta) => match okta.get_instance(client_id).await {
            Ok(instance) => instance.granted_scopes.into_iter().next(),
            Err(error) => {
                tracing::info!("no granted scope of client {client_id} is known: {error}");
                None
            }
        },
        None => None,
    };
    let Err(error) = secret_proof::prove(druva.http(), domain, client_id, secret, granted_scope.as_deref()).await
    else {
        return Some(());
    };
    diags.fail(
        "Okta does not accept the client secret",
        diagnostics::secret_refusal(&error, client_id, domain.host()),
        AttributePath::new("client_secret"),
    );
    None
}

/// Waits while Druva is still connecting. None, with an error, when the wait was cut short.
pub(super) async fn settle(druva: &druva::Client, mut link: Link, diags: &mut Diagnostics) -> Option<Link> {
    let mut pause = FIRST_POLL;
    while link.app_status == AppStatus::Connecting {
        let polled = match druva.http().pause(pause).await {
            Ok(()) => druva.get_link(&link.id).await,
            Err(error) => Err(error.into()),
        };
        match polled {
            Ok(fresh) => link = fresh,
            Err(error) => {
                diagnostics::druva(diags, "wait until Druva is connected", &error, AttributePath::new("status"));
                return None;
            }
        }
        pause = (pause * 2).min(SLOWEST_POLL);
    }
    Some(link)
}

/// Waits until Druva is connected; what is not is an error. Returns the link as it was seen last.
pub(super) async fn wait(druva: &druva::Client, link: Link, diags: &mut Diagnostics) -> Link {
    let Some(settled) = settle(druva, link.clone(), diags).await else {
        return link;
    };
    if settled.app_status != AppStatus::Connected {
        let reason = settled.app_status_reason.as_deref().unwrap_or("none given");
        diags.fail(
            "Druva does not get into the Okta org",
            format!(
                "Druva has the client and its secret, and its app status is {}. Druva's reason: {reason}\n\nCheck the \
                 integration in the Okta Admin Console (Applications > API Service Integrations): its granted scopes \
                 and its secrets. The next apply authorizes Druva again.",
                settled.app_status.as_str()
            ),
            AttributePath::new("status"),
        );
    }
    settled
}

/// Flips the switches that are not as planned. Returns the link as it was seen last.
pub(super) async fn set_switches(druva: &druva::Client, planned: &Model, link: Link, diags: &mut Diagnostics) -> Link {
    let wanted = |planned: Value<bool>, actual: bool| planned.as_option().filter(|planned| *planned != actual);
    let switches = Switches {
        backup_enabled: wanted(planned.backup_enabled, link.backup_enabled),
        cloud_key_management_enabled: wanted(planned.cloud_key_management_enabled, link.cloud_key_management_enabled),
    };
    if switches == Switches::default() {
        return link;
    }
    match druva.set_switches(&link.id, switches).await {
        Ok(fresh) => fresh,
        Err(error) => {
            let attribute =
                if switches.backup_enabled.is_some() { "backup_enabled" } else { "cloud_key_management_enabled" };
            let doing = format!("set backup_enabled and cloud_key_management_enabled of the link {}", link.id);
            diagnostics::druva(diags, &doing, &error, AttributePath::new(attribute));
            link
        }
    }
}

/// Looks up what Okta says about the secret in the state, where there are credentials for that org.
///
/// A look-up that is refused proves nothing: what was known stays.
pub(super) async fn observe_secret(
    clients: &SharedClients,
    domain: &OktaDomain,
    state: &mut Model,
    diags: &mut Diagnostics,
) {
    let Value::Value(held) = &state.client_secret else {
        state.client_secret_id = Value::Null;
        state.client_secret_hash = Value::Null;
        state.client_secret_status = Value::Value(client_secrets::NOT_HELD.to_owned());
        return;
    };
    state.client_secret_hash = Value::Value(held.okta_hash());
    let Some(okta) = okta_of(clients, domain) else { return };
    let client_id = state.client_id.as_deref_option().unwrap_or_default();
    let secrets = match okta.list_secrets(client_id).await {
        Ok(secrets) => secrets,
        Err(error) if error.is_not_found() => Vec::new(),
        Err(error) => {
            tracing::info!("the secrets of client {client_id} cannot be listed: {error}");
            return;
        }
    };
    let observed = client_secrets::observe(&secrets, held, state.client_secret_id.as_deref_option());
    client_secrets::warn_about_hash(diags, &observed);
    state.client_secret_status = Value::Value(observed.status.to_owned());
    state.client_secret_id = nullable(observed.id);
}

/// The client of Okta, if the provider has one for this org.
fn okta_of(clients: &SharedClients, domain: &OktaDomain) -> Option<okta::Client> {
    let clients = clients.get()?;
    match &clients.okta {
        Availability::Ready(okta) if okta.domain() == domain => Some(okta.clone()),
        _ => None,
    }
}
