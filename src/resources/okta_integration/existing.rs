//! The integrations that an org has: which of them are meant, and what is said of them.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::OktaOperation;
use crate::http::Freshness;
use crate::okta::api_services::Instance;
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::{diagnostics, okta};

/// The org in which something is installed.
#[derive(Clone, Copy)]
pub(super) struct Org<'a> {
    pub clients: &'a SharedClients,
    pub okta: &'a okta::Client,
    /// The integrations of this type that it had before.
    pub others: &'a [Instance],
}

impl Org<'_> {
    /// Whether it had this one before.
    pub fn had(&self, instance: &Instance) -> bool {
        self.others.iter().any(|other| other.id == instance.id)
    }
}

/// Those of the installed integrations that are meant.
///
/// # Errors
/// One that Okta does not list them.
pub(super) async fn installed(
    okta: &okta::Client,
    sought: &Sought<'_>,
    freshness: Freshness,
    diags: &mut Diagnostics,
) -> Result<Vec<Instance>, Reported> {
    match okta.list_instances(freshness).await {
        Ok(instances) => Ok(instances.into_iter().filter(|instance| sought.is(instance)).collect()),
        Err(error) => Err(diagnostics::okta(diags, OktaOperation::ListIntegrations, &error, AttributePath::root())),
    }
}

/// An error that says what is there and how to get on. `unless` is what may be otherwise.
pub(super) fn refuse_second(
    diags: &mut Diagnostics,
    okta: &okta::Client,
    found: &[Instance],
    plan: &Model,
    unless: &str,
) -> Reported {
    let what = format!("The org {} has it installed", okta.domain());
    let rule = match (found.len(), plan.adopt_existing, plan.allow_second_installation) {
        (1, ..) => {
            "If it is the very one that this resource manages, the lifecycle has create_before_destroy. Set \
             allow_second_installation = true beside it, or take it out: the old one is removed first then."
        }
        (_, Value::Value(true), _) => {
            "adopt_existing takes over an integration where there is exactly one. Import the one that is meant, or remove \
             the others in Okta."
        }
        (.., Value::Value(true)) => {
            "allow_second_installation allows one other at most. Remove those that are not linked in Druva in the Okta Admin \
             Console (Applications > API Service Integrations)."
        }
        _ => "Several are installed: import the one that is linked in Druva.",
    };
    let detail = format!("{unless}{}\n\n{rule}", how_to_get_on(&what, found));
    diags.fail(problems::installed_already(), detail, AttributePath::new("type"))
}

/// How to get hold of what is there.
pub(super) fn how_to_get_on(what: &str, found: &[Instance]) -> String {
    let listed: Vec<String> = found.iter().map(|instance| format!("  - {}", describe(instance))).collect();
    let import: Vec<String> =
        found.iter().map(|instance| format!("  terraform import ADDRESS {}", instance.id)).collect();
    format!(
        "{what}:\n{}\n\nTo manage it with Terraform, import it (the resource's address stands above, after \
         \"with\"):\n{}\n\nIts secret cannot be read back. To get a working one, set adopt_existing = true instead of \
         importing, or rotate_when_changed after importing: the provider then mints a second secret, and a \
         druva_okta_link moves to it before the older one is retired.",
        listed.join("\n"),
        import.join("\n"),
    )
}

/// One line on an integration.
pub(super) fn describe(instance: &Instance) -> String {
    let name = ServerText::shown_or(instance.name.as_ref(), &instance.kind);
    let when = ServerText::shown_or(instance.created_at.as_ref(), "at an unknown time");
    let by = ServerText::shown_or(instance.created_by.as_ref(), "somebody");
    format!("{} \"{name}\" (type {}), installed {when} by {by}", instance.id, instance.kind)
}
