//! Handing a client's secret over to Druva, step by step: it is obtained, verified, and given to Druva; then what it
//! supersedes is retired. A secret that was minted here and that Druva did not take is discarded.

use reqwest::StatusCode;
use terraform_plugin::Reported;
use tf_provider::{AttributePath, Diagnostics};
use tokio::time::Instant;

use super::attempt::Attempt;
use super::connection_probe::ConnectionProbe;
use super::lost_link;
use super::new_secret::{new_until, until_known};
use super::org::Org;
use super::policy::Policy;
use super::retirement::{self, RetireError, Retired};
use super::rotation::{self, Minting};
use super::verification;
use crate::clients::SharedClients;
use crate::diagnostics::Retirement;
use crate::domain::OktaDomain;
use crate::druva::okta_links::{Link, NewLink, OktaClient};
use crate::http::Freshness;
use crate::okta::api_services::Secret;
use crate::secret::ClientSecret;
use crate::{diagnostics, druva, okta};

/// Whose secret is handed over, and to whom.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    /// The clients of the provider.
    pub clients: &'a SharedClients,
    /// The client of Druva.
    pub druva: &'a druva::Client,
    /// The org that is linked.
    pub domain: &'a OktaDomain,
    /// The OAuth client that the secret belongs to.
    pub client_id: &'a str,
    /// The argument that gives the secret: errors about it are shown there.
    pub argument: &'static str,
}

/// A secret on its way to Druva.
pub struct Candidate {
    /// The secret.
    pub secret: ClientSecret,
    /// Okta's ids of the secrets that the client had before it, as far as this process saw that.
    pub before: Vec<String>,
    minted: Option<Minted>,
}

/// What Okta says of a secret that was minted just now.
struct Minted {
    okta: okta::Client,
    secret: Secret,
}

impl Candidate {
    /// Okta's id of it, if it was minted for this handover.
    pub fn minted_id(&self) -> Option<&str> {
        self.minted.as_ref().map(|minted| minted.secret.id.as_str())
    }
}

/// A link that was made.
#[derive(Debug)]
pub struct MadeLink {
    /// As Druva shows it then.
    pub link: Link,
    /// The error where the answer that made it got lost, and it was found afterwards.
    pub lost_answer: Option<druva::Error>,
}

/// What became of a secret that Druva did not take, or may not have taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discarded {
    /// It was given, and is the user's.
    NotOurs,
    /// It was minted for this, and is deleted.
    Deleted,
    /// Druva has taken it: without it, its connection was lost. It is active again.
    InUse,
}

impl Handover<'_> {
    /// Obtains the secret by taking the one that is given.
    pub fn take(&self, secret: &ClientSecret) -> Candidate {
        let origin = self.clients.get().and_then(|clients| clients.okta.ready()?.origin_of(secret));
        let before = origin.map(|origin| origin.before().to_vec()).unwrap_or_default();
        Candidate { secret: secret.clone(), before, minted: None }
    }

    /// Obtains the secret by minting one, beside the one `in_use`, which has this id in Okta. The probe tells which one has to
    /// stay.
    ///
    /// # Errors
    /// One that says why there is none.
    pub async fn mint(
        &self,
        in_use: Option<&str>,
        probe: Option<ConnectionProbe<'_>>,
        diags: &mut Diagnostics,
    ) -> Result<Candidate, Reported> {
        let okta = self.clients.okta(diags)?;
        let policy = Policy { ours: in_use, replace_oldest: false, has_probe: probe.is_some() };
        let secrets = rotation::list(&okta, self.client_id, Freshness::now(), diags).await?;
        let minting = Minting { okta: &okta, instance_id: self.client_id, secrets: &secrets, policy, probe };
        let minted = minting.mint(diags).await?;
        Ok(Candidate {
            secret: minted.client_secret,
            before: secrets.into_iter().map(|secret| secret.id).collect(),
            minted: Some(Minted { okta, secret: minted.secret }),
        })
    }

    /// Verifies the secret at Okta's token endpoint. One that was minted and does not pass is discarded.
    ///
    /// # Errors
    /// One that says why it did not pass.
    pub async fn verify(&self, candidate: &Candidate, diags: &mut Diagnostics) -> Result<(), Reported> {
        let client = self.client(candidate);
        let Err(error) = verification::verify(self.clients, self.druva, self.domain, client).await else {
            return Ok(());
        };
        let (host, attribute) = (self.domain.host(), AttributePath::new(self.argument));
        let reported = diagnostics::unverified_secret(diags, &error, self.client_id, host, attribute);
        let _ = self.discard(candidate, None, diags).await;
        Err(reported)
    }

    /// Gives the secret to Druva, for the link that is there.
    ///
    /// # Errors
    /// Druva's refusal, which leaves everything as it was; or a lost answer, see [`druva::Error::may_have_acted`].
    pub async fn authorize(&self, candidate: &Candidate, link_id: &str) -> Result<Link, druva::Error> {
        let authorize = || self.druva.authorize_link(link_id, self.client(candidate));
        until_known(self.clients, self.druva, &candidate.secret, refuses_secret, authorize).await
    }

    /// Gives the secret to Druva, by linking the org. After a lost answer the link that came of it is looked for.
    ///
    /// # Errors
    /// As for [`Self::authorize`].
    pub async fn create_link(&self, candidate: &Candidate) -> Result<MadeLink, druva::Error> {
        let (domain, client) = (self.domain.origin(), self.client(candidate));
        let request = NewLink { okta_domain: &domain, client };
        let attempt = Attempt::begin();
        let create = || self.druva.create_link(&request);
        match until_known(self.clients, self.druva, &candidate.secret, refuses_secret, create).await {
            Ok(link) => Ok(MadeLink { link, lost_answer: None }),
            Err(error) if error.may_have_acted() => {
                match lost_link::find(self.druva, self.domain, client, attempt).await {
                    Some(link) => Ok(MadeLink { link, lost_answer: Some(error) }),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Until then, a refusal of the secret may only mean that it is new.
    pub fn new_until(&self, candidate: &Candidate) -> Option<Instant> {
        new_until(self.clients, &candidate.secret)
    }

    /// The attribute that a refusal of Druva's concerns: the secret, if Druva tried it.
    pub fn attribute(&self, error: &druva::Error) -> AttributePath {
        if refuses_secret(error) { AttributePath::new(self.argument) } else { AttributePath::root() }
    }

    /// The org, for [`Self::retire`].
    pub async fn org(&self) -> Org {
        Org::of(self.clients, self.domain, self.client_id).await
    }

    /// Retires a secret that is superseded. The link shows whether Druva uses it all the same.
    ///
    /// # Errors
    /// See [`RetireError`].
    pub async fn retire(&self, okta: &okta::Client, secret: &Secret, link_id: &str) -> Result<Retired, RetireError> {
        let probe = ConnectionProbe { druva: self.druva, link_id };
        retirement::retire(okta, self.client_id, secret, Some(probe)).await
    }

    /// Druva did not take the secret: one that was minted for it is deactivated and deleted again. Where Druva's answer got
    /// lost, it may have taken it: then the probe's link shows whether it uses it.
    ///
    /// # Errors
    /// One that it is still there.
    pub async fn discard(
        &self,
        candidate: &Candidate,
        probe: Option<ConnectionProbe<'_>>,
        diags: &mut Diagnostics,
    ) -> Result<Discarded, Reported> {
        let Some(Minted { okta, secret }) = &candidate.minted else { return Ok(Discarded::NotOurs) };
        match retirement::retire_for_cleanup(okta, self.client_id, secret, probe).await {
            Ok(Retired::Yes) => Ok(Discarded::Deleted),
            Ok(Retired::InUse) => Ok(Discarded::InUse),
            Err(error) => Err(error.report(diags, Retirement::NotTaken(&secret.id))),
        }
    }

    fn client<'a>(&'a self, candidate: &'a Candidate) -> OktaClient<'a> {
        OktaClient { client_id: self.client_id, client_secret: &candidate.secret }
    }
}

/// Whether Druva refused a client and secret, so that nothing has changed: it tries them at Okta first.
fn refuses_secret(error: &druva::Error) -> bool {
    error.status() == Some(StatusCode::BAD_REQUEST)
}
