//! Installing an integration, and keeping the secret that comes with it.

use terraform_plugin::{Report, Reported, checkpoint};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::existing::{self, Org};
use super::model::Model;
use super::unlisted::unlisted;
use super::wanted::Wanted;
use super::{lost_installation, problems};
use crate::diagnostics::OktaOperation;
use crate::http::Freshness;
use crate::linking::attempt::Attempt;
use crate::linking::{recent, rotation};
use crate::okta::api_services::{DRUVA_TYPE, Instance, NewInstanceRequest};
use crate::okta::sought::Sought;
use crate::{diagnostics, okta};

/// Installs it, and keeps the secret that comes with the answer.
///
/// # Errors
/// Where nothing is installed, or nothing that is ours for certain.
pub(super) async fn install(
    org: Org<'_>,
    planned: Model,
    wanted: Wanted,
    config: &Model,
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    let okta = org.okta;
    let Wanted { kind, granted_scopes, properties } = wanted.clone();
    // What is remembered of an integration that was there is no guess.
    let is_guess = config.kind.is_null() && wanted.kind == DRUVA_TYPE;
    let installing = OktaOperation::Install { kind: &wanted.kind, is_guess };
    let attempt = Attempt::begin();
    let created = match okta.create_instance(&NewInstanceRequest { kind, granted_scopes, properties }).await {
        Ok(created) => created,
        Err(error) if error.may_have_acted() => {
            return lost_installation::recover(org, (planned, &wanted), attempt, (installing, &error), diags).await;
        }
        Err(error) => {
            let reported = diagnostics::okta(diags, installing, &error, AttributePath::root());
            let scopes = wanted.granted_scopes.iter().map(String::as_str);
            if let (true, Some(lines)) = (diagnostics::refuses_scopes(&error), unlisted(scopes)) {
                existing::add_paragraph(diags, &format!("These scopes are in no list of Okta's:\n{lines}"));
            }
            org.say_what_stands(diags);
            return Err(reported);
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
    let ((), twins) = tokio::join!(learning, find_twins(org, &created.instance));
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
    Ok(state)
}

/// Okta may install an integration twice, and another apply may have looked when we did: the look before installing
/// cannot show that.
async fn find_twins(org: Org<'_>, ours: &Instance) -> Vec<Instance> {
    let (okta, sought) = (org.okta, Sought::Type(&ours.kind));
    let lists_ours = |list: &Result<Vec<Instance>, okta::Error>| {
        list.as_ref().map_or(true, |instances| instances.iter().any(|instance| instance.id == ours.id))
    };
    let list = recent::look_again(okta.http(), || okta.list_instances(Freshness::now()), lists_ours).await;
    let is_twin = |instance: &Instance| sought.is(instance) && instance.id != ours.id && !org.had(instance);
    list.unwrap_or_default().into_iter().filter(is_twin).collect()
}

fn report_twins(okta: &okta::Client, ours: &Instance, twins: &[Instance], diags: &mut Diagnostics) {
    let twins: Vec<String> = twins.iter().map(|twin| format!("  - {}", existing::describe(twin))).collect();
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

/// The answer that installs does not name its secret. The only one that there is just after it is the one; should
/// somebody have minted another in between, it is found by the hash.
async fn learn_secret_id(okta: &okta::Client, state: &mut Model, diags: &mut Diagnostics) {
    let id = state.id.as_deref_option().unwrap_or_default();
    match rotation::listed(okta, id, Freshness::now()).await {
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
