//! Getting an integration into the org: looking first, then installing it or taking over the one that is there.

use tf_provider::{AttributePath, Diagnostics};

use super::Model;
use super::model::Wanted;
use crate::framework::{Report, checkpoint};
use crate::okta::api_services::{Instance, NewInstanceRequest};
use crate::resources::client_secrets;
use crate::{diagnostics, okta};

/// The installed integrations of one type.
pub(super) async fn installed(okta: &okta::Client, kind: &str, diags: &mut Diagnostics) -> Option<Vec<Instance>> {
    match okta.list_instances().await {
        Ok(instances) => Some(instances.into_iter().filter(|instance| instance.kind == kind).collect()),
        Err(error) => {
            diagnostics::okta(diags, "list the installed integrations", &error, AttributePath::root());
            None
        }
    }
}

/// Installs it, and keeps the secret that comes with the answer.
pub(super) async fn install(
    okta: &okta::Client,
    planned: Model,
    wanted: Wanted,
    diags: &mut Diagnostics,
) -> Option<Model> {
    let Wanted { kind, granted_scopes, properties } = wanted.clone();
    let created = match okta.create_instance(&NewInstanceRequest { kind, granted_scopes, properties }).await {
        Ok(created) => created,
        Err(error) => {
            let doing = format!("install the integration {}", wanted.kind);
            diagnostics::okta(diags, &doing, &error, AttributePath::root());
            if error.may_have_acted() {
                report_lost_installation(okta, &wanted.kind, diags).await;
            }
            return None;
        }
    };
    let mut state = planned.observed(&created.instance, okta).with_secret(created.client_secret);
    checkpoint(&state);
    // The answer does not name its secret: its id is found by the hash.
    match okta.list_secrets(&created.instance.id).await {
        Ok(secrets) => state.observe_secret(&secrets, diags),
        Err(error) => diags.warn(
            "The secret's id is not known yet",
            format!(
                "The integration {} is installed and its secret is in the state, but Okta's list of its secrets could \
                 not be read: {error}. The next plan or apply reads it again.",
                created.instance.id
            ),
            AttributePath::new("client_secret_id"),
        ),
    }
    if !wanted.is(&created.instance) {
        diags.fail(
            "Okta granted something else than asked for",
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
            "The existing integration is not the configured one",
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
    let minted = client_secrets::mint(okta, &existing.id, diags).await?;
    let state = planned.observed(existing, okta).with_minted(minted);
    checkpoint(&state);
    Some(state)
}

/// An error that says what is there and how to get on.
pub(super) fn refuse_second(diags: &mut Diagnostics, okta: &okta::Client, found: &[Instance]) {
    let listed: Vec<String> = found.iter().map(|instance| format!("  - {}", describe(instance))).collect();
    let import: Vec<String> =
        found.iter().map(|instance| format!("  terraform import <ADDRESS> {}", instance.id)).collect();
    diags.fail(
        "Okta already has this integration",
        format!(
            "The org {} has it installed:\n{}\n\nTo manage it with Terraform, import it (the resource's address stands \
             above, after \"with\"):\n{}\n\nIts secret cannot be read back. To get a working one, set \
             adopt_existing = true, with or without importing first: the provider then takes the integration over and \
             mints a secret of its own; the secrets that exist stay as they are.",
            okta.domain(),
            listed.join("\n"),
            import.join("\n"),
        ),
        AttributePath::new("type"),
    );
}

/// After a lost answer: says what came of the request.
async fn report_lost_installation(okta: &okta::Client, kind: &str, diags: &mut Diagnostics) {
    let mut ignored = Diagnostics::default();
    match installed(okta, kind, &mut ignored).await.as_deref() {
        Some([]) => diags.warn(
            "The integration was not installed",
            "Okta's list of integrations does not have it: it is safe to apply again.",
            AttributePath::root(),
        ),
        Some(found) => refuse_second(diags, okta, found),
        None => diags.warn(
            "It is not known whether the integration was installed",
            "Okta could not be asked. Apply again: the provider looks first, and installs no second one.",
            AttributePath::root(),
        ),
    }
}

fn describe(instance: &Instance) -> String {
    let name = instance.name.as_deref().unwrap_or(&instance.kind);
    let when = instance.created_at.as_deref().unwrap_or("at an unknown time");
    let by = instance.created_by.as_deref().unwrap_or("somebody");
    format!("{} \"{name}\" (type {}), installed {when} by {by}", instance.id, instance.kind)
}
