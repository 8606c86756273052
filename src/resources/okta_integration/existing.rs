//! The integrations that an org has: which of them are meant, and what is said of them.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use crate::clients::SharedClients;
use crate::diagnostics::{ADDRESS_IS_ABOVE, OktaOperation};
use crate::http::Freshness;
use crate::okta::api_services::Instance;
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::{diagnostics, okta};

/// What to write into the resource, so that a replacement leaves Druva connected.
pub(super) const WITHOUT_A_GAP: &str =
    "  allow_second_installation = true\n\n  lifecycle {\n    create_before_destroy = true\n  }";

/// The org in which something is installed.
#[derive(Clone, Copy)]
pub(super) struct Org<'a> {
    pub clients: &'a SharedClients,
    pub okta: &'a okta::Client,
    /// The integrations of this type that it had before.
    pub others: &'a [Instance],
    /// The id of the integration that this run removed before.
    pub removed: Option<&'a str>,
}

impl Org<'_> {
    /// Whether it had this one before.
    pub fn had(&self, instance: &Instance) -> bool {
        self.others.iter().any(|other| other.id == instance.id)
    }

    /// Says with the last error, after which nothing new is installed, what is installed now.
    pub fn say_what_stands(&self, diags: &mut Diagnostics) {
        let text = match (self.others, self.removed) {
            ([other], _) => format!(
                "Nothing was removed: {} is installed as before. If Okta says that the type is installed already, this org \
                 allows one installation at a time: take allow_second_installation and create_before_destroy out. The old \
                 one is then removed first, and Druva has no access until the link has moved.",
                other.id
            ),
            ([], Some(id)) => format!(
                "No integration is installed now: this apply removed {id} first. Druva has no access. Correct the cause, \
                 and apply again.\n\nTo change scopes without a gap next time, have the new integration installed before \
                 the old one is removed:\n\n{WITHOUT_A_GAP}"
            ),
            _ => return,
        };
        add_paragraph(diags, &text);
    }
}

/// Adds to the last error.
pub(super) fn add_paragraph(diags: &mut Diagnostics, text: &str) {
    if let Some(last) = diags.errors.last_mut() {
        last.detail.to_mut().push_str(&format!("\n\n{text}"));
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
    let rule = match (found.len(), plan.adopt_existing, plan.allow_second_installation) {
        (1, ..) => {
            "\n  - If this very resource installed it, and the lifecycle has create_before_destroy, set \
             allow_second_installation = true beside it. Or take create_before_destroy out: the old one is then removed \
             first."
        }
        (_, Value::Value(true), _) => {
            "\n  - adopt_existing takes over an integration where there is exactly one. Remove the others in Okta."
        }
        (.., Value::Value(true)) => {
            "\n  - allow_second_installation allows one other at most. Remove those that are not linked in Druva in the \
             Okta Admin Console (Applications > API Service Integrations)."
        }
        _ => "",
    };
    let detail = format!(
        "Does another state or workspace manage this integration? Then stop here, and remove this resource: the two would \
         replace each other's secret in turn.\n\nThe org {} has:\n{}\n\n{unless}{}{rule}\n\n{ADDRESS_IS_ABOVE}",
        okta.domain(),
        listed(found),
        ways_on(found)
    );
    diags.fail(problems::installed_already(), detail, AttributePath::new("type"))
}

/// A line each.
pub(super) fn listed(found: &[Instance]) -> String {
    let lines: Vec<String> = found.iter().map(|instance| format!("  - {}", describe(instance))).collect();
    lines.join("\n")
}

/// How to manage what is there, the usual way first.
pub(super) fn ways_on(found: &[Instance]) -> String {
    let import: Vec<String> =
        found.iter().map(|instance| format!("      terraform import ADDRESS {}", instance.id)).collect();
    let import = import.join("\n");
    match found {
        [_] => format!(
            "If nothing else manages it, an interrupted run or somebody by hand installed it. Choose one of these:\n  - \
             Take it over with a new secret: set adopt_existing = true, and apply. The provider mints a second secret. A \
             druva_okta_link moves to it before the older one is retired.\n  - Import it without a secret, because Okta \
             shows one only once. Set rotate_when_changed to get a new one, which a link needs:\n{import}"
        ),
        _ => format!(
            "If nothing else manages them, choose one of these:\n  - Import the one that is linked in Druva:\n{import}"
        ),
    }
}

/// One line on an integration.
pub(super) fn describe(instance: &Instance) -> String {
    let name = ServerText::shown_or(instance.name.as_ref(), &instance.kind);
    let when = ServerText::shown_or(instance.created_at.as_ref(), "at an unknown time");
    let by = ServerText::shown_or(instance.created_by.as_ref(), "somebody");
    format!("{} \"{name}\" (type {}), installed {when} by {by}", instance.id, instance.kind)
}
