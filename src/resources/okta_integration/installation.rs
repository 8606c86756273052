//! Getting an integration into the org: looking first, then installing it or taking over the one that is there.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Wanted;
use super::{Model, lost_installation, problems};
use crate::clients::SharedClients;
use crate::framework::{Report, checkpoint};
use crate::http::Age;
use crate::okta::api_services::{Instance, NewInstanceRequest};
use crate::resources::attempt::Attempt;
use crate::resources::rotation;
use crate::{diagnostics, okta};

/// The installed integrations of one type.
pub(super) async fn installed(
    okta: &okta::Client,
    kind: &str,
    age: Age,
    diags: &mut Diagnostics,
) -> Option<Vec<Instance>> {
    match okta.list_instances(age).await {
        Ok(instances) => Some(instances.into_iter().filter(|instance| instance.kind == kind).collect()),
        Err(error) => {
            diagnostics::okta(diags, "list the installed integrations", &error, AttributePath::root());
            None
        }
    }
}

/// Installs it, and keeps the secret that comes with the answer.
pub(super) async fn install(
    clients: &SharedClients,
    okta: &okta::Client,
    planned: Model,
    wanted: Wanted,
    diags: &mut Diagnostics,
) -> Option<Model> {
    let Wanted { kind, granted_scopes, properties } = wanted.clone();
    let attempt = Attempt::begin();
    let created = match okta.create_instance(&NewInstanceRequest { kind, granted_scopes, properties }).await {
        Ok(created) => created,
        Err(error) if error.may_have_acted() => {
            return lost_installation::recover(clients, okta, (planned, &wanted), attempt, &error, diags).await;
        }
        Err(error) => {
            let doing = format!("install the integration {}", wanted.kind);
            diagnostics::okta(diags, &doing, &error, AttributePath::root());
            return None;
        }
    };
    let mut state = planned.observed(&created.instance, okta);
    if planned.stores_secret() {
        state = state.with_secret(created.client_secret);
    }
    checkpoint(&state);
    let learning = async {
        if planned.stores_secret() {
            learn_secret_id(okta, &mut state, diags).await;
        }
    };
    let ((), twins) = tokio::join!(learning, find_twins(okta, &created.instance));
    report_twins(okta, &created.instance, &twins, diags);
    if !wanted.is(&created.instance) {
        diags.fail(
            problems::granted_otherwise(),
            format!(
                "The integration {} is installed, and its secret is in the state, but it is not the configured one.\n\
                 {}\n\nConfigure what Okta grants, or ask Okta why it grants something else. Terraform marks the \
                 resource as tainted: the next apply installs it anew.",
                created.instance.id,
                wanted.differences(&created.instance)
            ),
            AttributePath::new("granted_scopes"),
        );
    }
    Some(state)
}

/// Okta may install an integration twice, and another apply may have looked when we did: the look before installing
/// cannot show that.
async fn find_twins(okta: &okta::Client, ours: &Instance) -> Vec<Instance> {
    let mut found = installed(okta, &ours.kind, Age::now(), &mut Diagnostics::default()).await.unwrap_or_default();
    found.retain(|twin| twin.id != ours.id);
    found
}

fn report_twins(okta: &okta::Client, ours: &Instance, twins: &[Instance], diags: &mut Diagnostics) {
    let twins: Vec<String> = twins.iter().map(|twin| format!("  - {}", describe(twin))).collect();
    if !twins.is_empty() {
        diags.warn(
            problems::more_than_once(),
            format!(
                "Besides {}, which was installed just now, the org {} has:\n{}\n\nSomebody installed it at the same time, \
                 perhaps another apply. Each has its own secret and all scopes: remove the one that is not linked in Druva.",
                ours.id,
                okta.domain(),
                twins.join("\n")
            ),
            AttributePath::new("type"),
        );
    }
}

/// What a plan that reads as a creation does instead.
pub(super) async fn announce_adoption(okta: &okta::Client, plan: &Model, diags: &mut Diagnostics) -> Option<()> {
    let Value::Value(kind) = &plan.kind else { return Some(()) };
    for existing in installed(okta, kind, Age::ThisRun, diags).await? {
        let secret = if plan.stores_secret() { ", with a secret that is minted for it" } else { "" };
        diags.warn(
            problems::taken_over(),
            format!(
                "Unless it is removed before, as in a replacement, this plan installs nothing and takes over {}{secret}.",
                describe(&existing)
            ),
            AttributePath::new("adopt_existing"),
        );
    }
    Some(())
}

/// The answer that installs does not name its secret. The only one that there is just after it is the one; should
/// somebody have minted another in between, it is found by the hash.
async fn learn_secret_id(okta: &okta::Client, state: &mut Model, diags: &mut Diagnostics) {
    let id = state.id.as_deref_option().unwrap_or_default();
    match okta.list_secrets(id, Age::now()).await {
        Ok(secrets) => {
            if let [only] = secrets.as_slice() {
                state.client_secret_id = Value::Value(only.id.clone());
            }
            state.observe_secret(&secrets, diags);
        }
        Err(error) => diags.warn(
            problems::secret_id_unknown(),
            format!(
                "The integration {id} is installed and its secret is in the state, but Okta's list of its secrets could \
                 not be read: {error}. The next plan or apply reads it again."
            ),
            AttributePath::new("client_secret_id"),
        ),
    }
}

/// Takes over an integration that somebody else installed, with a secret of our own.
pub(super) async fn adopt(
    okta: &okta::Client,
    planned: Model,
    wanted: &Wanted,
    existing: &Instance,
    diags: &mut Diagnostics,
) -> Option<Model> {
    if !wanted.is(existing) {
        diags.fail(
            problems::not_as_configured(),
            format!(
                "The integration {} cannot be adopted.\n{}\n\nOkta cannot change an installed integration. Configure \
                 what it has, or remove it in Okta and let Terraform install it.",
                existing.id,
                wanted.differences(existing),
            ),
            AttributePath::new("granted_scopes"),
        );
        return None;
    }
    if !planned.stores_secret() {
        return Some(planned.observed(existing, okta));
    }
    let secrets = rotation::list(okta, &existing.id, Age::now(), diags).await?;
    let policy = planned.policy(None);
    let minted = rotation::mint(okta, &existing.id, &secrets, policy, None, diags).await?;
    let state = planned.observed(existing, okta).with_minted(minted);
    checkpoint(&state);
    Some(state)
}

/// An error that says what is there and how to get on.
pub(super) fn refuse_second(diags: &mut Diagnostics, okta: &okta::Client, found: &[Instance]) {
    let what = format!("The org {} has it installed", okta.domain());
    diags.fail(problems::installed_already(), how_to_get_on(&what, found), AttributePath::new("type"));
}

/// How to get hold of what is there.
pub(super) fn how_to_get_on(what: &str, found: &[Instance]) -> String {
    let listed: Vec<String> = found.iter().map(|instance| format!("  - {}", describe(instance))).collect();
    let import: Vec<String> =
        found.iter().map(|instance| format!("  terraform import <ADDRESS> {}", instance.id)).collect();
    format!(
        "{what}:\n{}\n\nTo manage it with Terraform, import it (the resource's address stands above, after \
         \"with\"):\n{}\n\nIts secret cannot be read back. To get a working one, set adopt_existing = true instead of \
         importing, or rotate_when_changed after importing: the provider then mints a second secret, and a \
         druva_okta_link moves to it before the older one is retired.\n\nIf it is the very one that this resource manages, \
         the lifecycle has create_before_destroy, which cannot work here: take it out.",
        listed.join("\n"),
        import.join("\n"),
    )
}

fn describe(instance: &Instance) -> String {
    let name = instance.name.as_deref().unwrap_or(&instance.kind);
    let when = instance.created_at.as_deref().unwrap_or("at an unknown time");
    let by = instance.created_by.as_deref().unwrap_or("somebody");
    format!("{} \"{name}\" (type {}), installed {when} by {by}", instance.id, instance.kind)
}
