//! Giving Druva a client and its secret: when it is needed, where the secret comes from, and what its end is.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::StatusCode;
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::{Model, problems};
use crate::clients::SharedClients;
use crate::diagnostics::Retirement;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{AppStatus, OktaClient};
use crate::framework::{Report, Reported};
use crate::http::{self, Freshness};
use crate::okta::api_services::Secret;
use crate::okta::{NEW_FOR, secret_proof};
use crate::resources::client_secrets::{INACTIVE, MISSING};
use crate::resources::rotation::{self, ConnectionProbe, Policy, Retired};
use crate::secret::ClientSecret;
use crate::{diagnostics, druva, okta};

/// Where the secret comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretSource {
    /// `client_secret`, which the state keeps.
    Stored,
    /// `client_secret_wo`, which nobody keeps.
    WriteOnly,
    /// The provider mints it, and forgets it.
    Minted,
    /// No secret is configured, as after an import.
    None,
}

impl SecretSource {
    /// The source that a configuration names. What is unknown counts here: it will be given.
    pub fn of(config: &Model) -> Self {
        if config.mint_client_secret == Value::Value(true) {
            Self::Minted
        } else if !config.client_secret_wo.is_null() {
            Self::WriteOnly
        } else if !config.client_secret.is_null() {
            Self::Stored
        } else {
            Self::None
        }
    }
}

/// Why Druva must be given a client and secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// There is no link yet.
    New,
    /// The link that there is goes, and the org is linked again.
    Again,
    /// The configuration has another client.
    OtherClient,
    /// The configuration has another secret, or wants another one minted.
    OtherSecret,
    /// The secret that was minted no longer works.
    DeadSecret,
    /// Druva does not get in any more, with Druva's reason.
    NotConnected(Option<String>),
}

impl Reason {
    /// Why `plan` gives Druva a client and secret, if it does. Without a secret a link that works is left as it is.
    pub fn between(prior: &Model, plan: &Model, source: SecretSource) -> Option<Self> {
        if plan.client_id != prior.client_id {
            return Some(Self::OtherClient);
        }
        let is_other = match source {
            // By the hash: the state may know the secret without holding it.
            SecretSource::Stored => {
                plan.client_secret.as_ref().map(ClientSecret::okta_hash) != prior.client_secret_hash
            }
            SecretSource::WriteOnly => plan.client_secret_wo_version != prior.client_secret_wo_version,
            SecretSource::Minted => {
                prior.mint_client_secret != Value::Value(true)
                    || plan.rotate_when_changed != prior.rotate_when_changed
                    || prior.client_secret_id.is_null()
            }
            SecretSource::None => false,
        };
        if is_other {
            return Some(Self::OtherSecret);
        }
        let status = prior.client_secret_status.as_deref_option();
        if source == SecretSource::Minted && matches!(status, Some(INACTIVE | MISSING)) {
            return Some(Self::DeadSecret);
        }
        // A connection that is being made is waited for.
        let is_fine = [AppStatus::CONNECTED, AppStatus::CONNECTING].map(str::to_owned);
        let is_lost = prior.status.as_ref_option().is_some_and(|status| !is_fine.contains(status));
        is_lost.then(|| Self::NotConnected(prior.status_reason.as_ref_option().cloned()))
    }

    /// An error: this cannot be done without a secret.
    pub fn demand_secret(&self, diags: &mut Diagnostics) {
        let why = match self {
            Self::New | Self::Again => "Linking an Okta org needs a client secret, and none is given.",
            Self::OtherClient => "Another client needs its secret, and none is given.",
            Self::OtherSecret | Self::DeadSecret => "Re-authorizing needs a client secret, and none is given.",
            Self::NotConnected(_) => {
                "Druva has lost the connection to the Okta org; re-authorizing needs a client secret, and none is given."
            }
        };
        diags.fail(
            problems::secret_needed(),
            format!(
                "{why}{} Refer to the client_secret of a druva_okta_integration, or set client_secret_wo or \
                 mint_client_secret. If the integration's client_secret is null because it was imported, set \
                 rotate_when_changed there: the provider then mints one.{}",
                self.druvas_reason(),
                self.how_to_begin_anew()
            ),
            AttributePath::new("client_secret"),
        );
    }

    /// What the plan does not show by itself.
    pub fn announce(&self, prior: &Model, source: SecretSource, diags: &mut Diagnostics) {
        let status = prior.client_secret_status.as_deref_option().unwrap_or_default();
        match self {
            Self::NotConnected(_) if source != SecretSource::Minted && matches!(status, INACTIVE | MISSING) => diags.warn(
                problems::not_connected_and_dead_secret(),
                format!(
                    "The status of the client secret in Okta is {status}, so re-authorizing with it will be refused: \
                     give another secret (with client_secret_wo, also another client_secret_wo_version).{}",
                    self.druvas_reason()
                ),
                AttributePath::new("client_secret_status"),
            ),
            Self::NotConnected(_) => diags.warn(
                problems::not_connected(),
                format!("This plan re-authorizes Druva.{}", self.druvas_reason()),
                AttributePath::new("status"),
            ),
            Self::DeadSecret => diags.warn(
                problems::dead_minted_secret(),
                "Somebody deactivated or deleted it in Okta. This plan mints another one and re-authorizes Druva with it.",
                AttributePath::new("client_secret_status"),
            ),
            _ => {}
        }
    }

    /// After an apply that was killed before it linked the org. Where there is a link, this would cut it off.
    fn how_to_begin_anew(&self) -> &'static str {
        match self {
            Self::New => {
                " If nothing uses the integration yet, as after an apply that was interrupted before it linked the org, \
                 install it anew, which gives a secret. ADDRESS is that of the druva_okta_integration:\n  \
                 terraform apply -replace=ADDRESS"
            }
            _ => "",
        }
    }

    fn druvas_reason(&self) -> String {
        match self {
            Self::NotConnected(Some(reason)) => format!(" Druva's reason: {}", diagnostics::sentence(reason)),
            _ => String::new(),
        }
    }
}

/// The attribute that Druva's refusal concerns: the secret, if Druva tried it.
pub(super) fn attribute(error: &druva::Error, source: SecretSource) -> AttributePath {
    match (error.status(), source) {
        (Some(StatusCode::BAD_REQUEST), SecretSource::WriteOnly) => AttributePath::new("client_secret_wo"),
        (Some(StatusCode::BAD_REQUEST), _) => AttributePath::new("client_secret"),
        _ => AttributePath::root(),
    }
}

/// A secret on its way to Druva.
pub(super) struct Candidate {
    /// The client that it belongs to.
    pub client_id: String,
    /// The secret.
    pub secret: ClientSecret,
    /// Okta's id of it, if it was minted just now.
    pub minted: Option<Secret>,
    /// Okta's ids of the secrets that the client had before it, as far as this process saw that.
    pub before: Vec<String>,
    source: SecretSource,
}

impl Candidate {
    /// The secret that the configuration gives, or a new one beside the one `in_use`.
    pub async fn obtain(
        clients: &SharedClients,
        planned: &Model,
        config: &Model,
        in_use: Option<&str>,
        probe: Option<ConnectionProbe<'_>>,
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let client_id = planned.client_id.as_deref_option().unwrap_or_default().to_owned();
        let source = SecretSource::of(config);
        let given = match source {
            SecretSource::Stored => &planned.client_secret,
            SecretSource::WriteOnly => &config.client_secret_wo,
            SecretSource::Minted => {
                let okta = clients.okta(diags).ok()?;
                let policy = Policy { ours: in_use, replace_oldest: false, has_probe: probe.is_some() };
                let secrets = rotation::list(&okta, &client_id, Freshness::now(), diags).await?;
                let minted = rotation::mint(&okta, &client_id, &secrets, policy, probe, diags).await?;
                let before = secrets.into_iter().map(|secret| secret.id).collect();
                return Some(Self {
                    client_id,
                    secret: minted.client_secret,
                    minted: Some(minted.secret),
                    before,
                    source,
                });
            }
            SecretSource::None => &Value::Null,
        };
        let Value::Value(secret) = given else {
            Reason::OtherSecret.demand_secret(diags);
            return None;
        };
        let origin = clients.get().and_then(|clients| clients.okta.ready()?.origin_of(secret));
        let before = origin.map(|origin| origin.before().to_vec()).unwrap_or_default();
        Some(Self { client_id, secret: secret.clone(), minted: None, before, source })
    }

    /// The secrets that are known to have been there before it.
    pub fn superseded(&self) -> BTreeSet<Value<String>> {
        self.before.iter().cloned().map(Value::Value).collect()
    }

    /// For Druva.
    pub fn client(&self) -> OktaClient<'_> {
        OktaClient { client_id: &self.client_id, client_secret: &self.secret }
    }

    /// Proves the secret at Okta's token endpoint, before Druva is given it.
    pub async fn verify_secret(
        &self,
        clients: &SharedClients,
        druva: &druva::Client,
        domain: &OktaDomain,
        diags: &mut Diagnostics,
    ) -> Result<(), Reported> {
        let attribute = if self.source == SecretSource::WriteOnly { "client_secret_wo" } else { "client_secret" };
        verify_secret(clients, druva, domain, self.client(), AttributePath::new(attribute), diags).await
    }

    /// Druva did not take it: a secret that was minted for it is deactivated and deleted again. Where Druva's answer got
    /// lost, it may have taken it: then the link shows which secret it uses.
    pub async fn discard(
        &self,
        clients: &SharedClients,
        probe: Option<ConnectionProbe<'_>>,
        diags: &mut Diagnostics,
    ) -> Retired {
        let Some(minted) = &self.minted else { return Retired::Yes };
        let Ok(okta) = clients.okta(diags) else { return Retired::Yes };
        // Also when Terraform says stop, on both sides.
        let druva = probe.map(|probe| probe.druva.for_cleanup());
        let probe = probe.zip(druva.as_ref()).map(|(probe, druva)| ConnectionProbe { druva, ..probe });
        match rotation::retire(&okta.for_cleanup(), &self.client_id, minted, probe).await {
            Ok(retired) => retired,
            Err(error) => {
                error.report(diags, Retirement::MintedInVain(&minted.id));
                Retired::Yes
            }
        }
    }
}

/// Proves a client and its secret at Okta's token endpoint. `attribute` is the one that gives the secret.
pub(crate) async fn verify_secret(
    clients: &SharedClients,
    druva: &druva::Client,
    domain: &OktaDomain,
    OktaClient { client_id, client_secret }: OktaClient<'_>,
    attribute: AttributePath,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    let granted_scope = match Org::of(clients, domain, client_id).await.ours() {
        // The client id equals the id of the integration in every published example; where it does not, no scope
        // is known.
        Some(okta) => match okta.peek_instance(client_id).await {
            Ok(instance) => instance.granted_scopes.into_iter().next(),
            Err(error) => {
                tracing::info!("no granted scope of client {client_id} is known: {error}");
                None
            }
        },
        None => None,
    };
    let verification =
        || secret_proof::verify_secret(druva.http(), domain, client_id, client_secret, granted_scope.as_deref());
    let refuses = |error: &okta::Error| error.oauth_code() == Some("invalid_client");
    let verified = until_known(clients, druva, client_secret, refuses, verification).await;
    let Err(error) = verified else { return Ok(()) };
    Err(diagnostics::unproved_secret(diags, &error, client_id, domain.host(), attribute))
}

/// How often a refusal of a new secret is tried again, at first and at most.
const FIRST_RETRY: Duration = Duration::from_millis(250);
const SLOWEST_RETRY: Duration = Duration::from_secs(2);

/// What `attempt` ends with. A secret that Okta gave out to this process a moment ago is not known everywhere at once: as
/// long as that may be why it is refused, the same is tried again.
pub(crate) async fn until_known<T, E: From<http::Error>, Attempt: Future<Output = Result<T, E>>>(
    clients: &SharedClients,
    druva: &druva::Client,
    secret: &ClientSecret,
    refuses: impl Fn(&E) -> bool,
    attempt: impl Fn() -> Attempt,
) -> Result<T, E> {
    let new_until = new_until(clients, secret);
    let mut pause = FIRST_RETRY;
    loop {
        let outcome = attempt().await;
        let is_new = new_until.is_some_and(|until| Instant::now() < until);
        if !outcome.as_ref().is_err_and(&refuses) || !is_new {
            return outcome;
        }
        match druva.http().pause(pause).await {
            Ok(()) => {}
            Err(http::Error::DeadlinePassed) => return outcome,
            Err(error) => return Err(error.into()),
        }
        tracing::info!("a secret that is new is not known everywhere yet: trying again");
        pause = (pause * 2).min(SLOWEST_RETRY);
    }
}

/// Until when a refusal of this secret may only mean that it is new. None where the provider has credentials for Okta, and
/// did not get the secret with them. Without any, another provider block may have got it in this very run.
pub(crate) fn new_until(clients: &SharedClients, secret: &ClientSecret) -> Option<Instant> {
    match clients.get()?.okta.ready() {
        Some(okta) => okta.origin_of(secret).map(|origin| origin.new_until()),
        None => Some(Instant::now() + NEW_FOR),
    }
}

/// Whether Druva refused a client and secret, so that nothing has changed: it tries them at Okta first.
pub(crate) fn refuses_secret(error: &druva::Error) -> bool {
    error.status() == Some(StatusCode::BAD_REQUEST)
}

/// Whether the provider can look into the org that is linked.
pub(super) enum Org {
    /// It has credentials for it, maybe under another of its addresses.
    Ours(Box<okta::Client>),
    /// It has credentials for the org at this address, which is another one.
    Another(OktaDomain),
    /// It has none.
    NoCredentials,
}

impl Org {
    pub async fn of(clients: &SharedClients, domain: &OktaDomain, client_id: &str) -> Self {
        let Some(okta) = clients.get().and_then(|clients| clients.okta.ready().cloned()) else {
            return Self::NoCredentials;
        };
        if okta.is_at(domain, client_id).await {
            Self::Ours(Box::new(okta))
        } else {
            Self::Another(okta.domain().clone())
        }
    }

    pub fn ours(self) -> Option<okta::Client> {
        match self {
            Self::Ours(okta) => Some(*okta),
            Self::Another(_) | Self::NoCredentials => None,
        }
    }
}
