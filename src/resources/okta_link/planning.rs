//! Plans of a link: what they show, and what they say that they cannot show.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Plan, Report, Reported, Update};
use tf_provider::Diagnostics;
use tf_provider::value::Value;

use super::model::Model;
use super::planned::Planned;
use super::reason::Reason;
use super::secret_source::SecretSource;
use super::{failed_link, key_management, superseded};
use crate::clients::SharedClients;
use crate::domain::OktaDomain;
use crate::druva::okta_links::AppStatus;
use crate::http::Freshness;
use crate::linking::policy::Policy;
use crate::linking::rotation;
use crate::okta::api_services::Secret;
use crate::resources::unknown::warn_of_unknown;

/// Plans a new link. What the apply would refuse because of what there is in Druva or Okta goes to `found`. What is `removed`
/// before does not count.
///
/// # Errors
/// One that credentials are missing.
pub(super) async fn plan_creation(
    clients: &SharedClients,
    mut plan: Model,
    config: &Model,
    removed: Option<&Planned>,
    found: &mut Diagnostics,
    diags: &mut Diagnostics,
) -> Result<Plan<Model, Planned>, Reported> {
    clients.expect_druva(diags)?;
    let clients = clients.until(timeouts::deadline(&config.timeouts, Operation::Read));
    let source = SecretSource::of(config);
    if source == SecretSource::Minted {
        clients.expect_okta(diags)?;
    }
    // A link that exists is told first: importing it needs no secret.
    let is_linked = failed_link::foresee(&clients, config, removed, found).await;
    if SecretSource::is_missing(config) {
        let reason = if is_linked || removed.is_some() { Reason::Again } else { Reason::New };
        reason.demand_secret(found);
    }
    if source == SecretSource::Minted && !is_linked {
        expect_slot(&clients, config, removed, found).await;
    }
    let is_on = key_management::known(&clients).await;
    key_management::foresee(&config.cloud_key_management_enabled, is_on, found, diags);
    plan.expect_authorization();
    Ok(Plan::new(plan, Planned::default()))
}

/// Plans a change, in place unless the org is known to be another one.
///
/// # Errors
/// One that credentials are missing.
pub(super) async fn plan_update(
    clients: &SharedClients,
    Update { prior, planned: mut plan, config, .. }: Update<Model, Planned>,
    diags: &mut Diagnostics,
) -> Result<Plan<Model, Planned>, Reported> {
    clients.expect_druva(diags)?;
    let (prior, config) = (&prior, &config);
    let planned = Planned::of(prior);
    match OrgChange::between(&prior.okta_domain, &plan.okta_domain) {
        OrgChange::Unknown => warn_of_unknown(diags, "okta_domain", "link"),
        // Another spelling of the same host is no change.
        OrgChange::None => plan.okta_domain = prior.okta_domain.clone(),
        // The schema says that it replaces the link.
        OrgChange::Another => return Ok(Plan::new(plan, Planned { replaces: true, ..planned })),
    }
    let source = SecretSource::of(config);
    if let Some(reason) = Reason::between(prior, &plan, source) {
        if source == SecretSource::Minted {
            clients.expect_okta(diags)?;
        }
        if SecretSource::is_missing(config) {
            let mut found = Diagnostics::default();
            reason.demand_secret(&mut found);
            diags.warn_of(found);
        } else {
            reason.announce(prior, source, diags);
        }
        plan.expect_authorization();
    } else {
        if prior.status.as_deref_option() == Some(AppStatus::CONNECTING) {
            // The wait is a change: what depends on this link, such as the removal of the client that it left, waits too.
            plan.expect_connection();
        }
        if plan.has_left_overs() && superseded::can_retire(clients, &plan).await {
            plan.superseded_secret_ids = Value::Unknown;
        }
    }
    let mut found = Diagnostics::default();
    let is_on = prior.cloud_key_management_enabled.as_option();
    key_management::foresee(&config.cloud_key_management_enabled, is_on, &mut found, diags);
    diags.warn_of(found);
    Ok(Plan::new(plan, planned))
}

/// Whether a plan is about another org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OrgChange {
    /// It is the same one.
    None,
    /// It is not known yet.
    Unknown,
    /// It is another one.
    Another,
}

impl OrgChange {
    fn between(prior: &Value<String>, planned: &Value<String>) -> Self {
        match (prior, planned) {
            (_, Value::Unknown) => Self::Unknown,
            (Value::Value(prior), Value::Value(planned)) if is_same_org(prior, planned) => Self::None,
            _ => Self::Another,
        }
    }
}

/// Whether both mean the same org.
fn is_same_org(one: &str, other: &str) -> bool {
    one == other || OktaDomain::parse(one).is_ok_and(|one| one.is_same_org(other))
}

/// An error where minting for a new link would be refused, because both secrets may be in use elsewhere.
async fn expect_slot(clients: &SharedClients, config: &Model, removed: Option<&Planned>, diags: &mut Diagnostics) {
    let (Some(shared), Value::Value(client_id)) = (clients.get(), &config.client_id) else { return };
    let Some(okta) = shared.okta.ready() else { return };
    // Where they cannot be listed yet, apply says why.
    let Ok(secrets) = okta.list_secrets(client_id, Freshness::Cached).await else { return };
    let secrets = remaining(secrets, removed);
    if (Policy { ours: None, replace_oldest: false, has_probe: false }).slot(&secrets).is_none() {
        rotation::refuse(client_id, &secrets, diags);
    }
}

/// The secrets that are there when a new one is minted: the one that was minted for a link that is `removed` goes with it.
fn remaining(mut secrets: Vec<Secret>, removed: Option<&Planned>) -> Vec<Secret> {
    let gone = removed.and_then(|removed| removed.minted_secret_id.as_ref());
    secrets.retain(|secret| Some(&secret.id) != gone);
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::api_services::SecretStatus;

    fn text(text: &str) -> Value<String> {
        Value::Value(text.to_owned())
    }

    #[test]
    fn another_org_replaces_once_it_is_known_to_be_another_one() {
        let rows = [
            ("the same", text("example.okta.com"), text("example.okta.com"), OrgChange::None),
            ("another spelling", text("example.okta.com"), text("https://EXAMPLE.okta.com/"), OrgChange::None),
            ("its admin console", text("example.okta.com"), text("https://example-admin.okta.com"), OrgChange::None),
            ("another host", text("example.okta.com"), text("other.okta.com"), OrgChange::Another),
            ("the same text, which is no domain", text("-"), text("-"), OrgChange::None),
            ("from a text that is no domain", text("-"), text("example.okta.com"), OrgChange::Another),
            ("to a text that is no domain", text("example.okta.com"), text("-"), OrgChange::Another),
            ("not known yet", text("example.okta.com"), Value::Unknown, OrgChange::Unknown),
            ("null", text("example.okta.com"), Value::Null, OrgChange::Another),
            ("null before", Value::Null, text("example.okta.com"), OrgChange::Another),
        ];
        for (name, prior, planned, expected) in rows {
            assert_eq!(OrgChange::between(&prior, &planned), expected, "{name}");
        }
    }

    #[test]
    fn the_minted_secret_of_a_removed_link_makes_room() {
        let secret = |id: &str| Secret {
            id: id.into(),
            status: SecretStatus::Active,
            secret_hash: id.into(),
            created: "2023-02-21T20:08:24.000Z".into(),
        };
        let removed = |id: Option<&str>| Planned { minted_secret_id: id.map(str::to_owned), ..Planned::default() };
        let rows: [(&str, Option<Planned>, &[&str]); 4] = [
            ("nothing is removed", None, &["a", "b"]),
            ("a link with a given secret", Some(removed(None)), &["a", "b"]),
            ("a link with a minted secret", Some(removed(Some("b"))), &["a"]),
            ("its secret is gone already", Some(removed(Some("c"))), &["a", "b"]),
        ];
        for (name, removed, expected) in rows {
            let left = remaining(vec![secret("a"), secret("b")], removed.as_ref());
            assert_eq!(left.iter().map(|secret| secret.id.as_str()).collect::<Vec<_>>(), expected, "{name}");
        }
    }
}
