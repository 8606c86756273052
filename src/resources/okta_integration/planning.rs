//! Plans of an integration: what an apply will do, and what it would refuse.

use terraform_plugin::timeouts::{self, Operation};
use terraform_plugin::{Plan, Report, Reported, Update};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::private::{Planned, Private};
use super::remembered::Remembered;
use super::run::Run;
use super::unlisted::warn_of_unlisted;
use super::update_plan::{Step, UpdatePlan};
use super::{existing, foresight, problems};
use crate::clients::SharedClients;
use crate::http::Freshness;
use crate::linking::rotation;
use crate::okta;
use crate::okta::sought::Sought;
use crate::resources::unknown::warn_of_unknown;

/// The plan of a creation. What the apply would refuse because of what there is in Okta is a warning.
///
/// # Errors
/// One that there is no way to ask Okta, or that what is to be adopted cannot be looked for.
pub(super) async fn plan_creation(
    clients: &SharedClients,
    run: &Run,
    planned: Model,
    config: &Model,
    diags: &mut Diagnostics,
) -> Result<Plan<Model, Private>, Reported> {
    let mut found = Diagnostics::default();
    warn_of_unlisted(&planned.granted_scopes, &Value::Null, false, diags);
    let plan = plan_installation(clients, run, planned, config, None, &mut found).await;
    if plan.is_err() {
        diags.errors.append(&mut found.errors);
    }
    diags.warn_of(found);
    plan
}

/// The plan of the installation that follows a removal: what the apply would refuse is an error.
///
/// # Errors
/// What the apply would refuse.
pub(super) async fn plan_replacement(
    clients: &SharedClients,
    run: &Run,
    planned: Model,
    config: &Model,
    agreed: Private,
    diags: &mut Diagnostics,
) -> Result<Plan<Model, Private>, Reported> {
    if let Some(what) = agreed.wanted.what_to_write(config) {
        return Err(diags.fail(problems::to_be_written_out(), what, AttributePath::root()));
    }
    let replaced = agreed.planned.and_then(|planned| planned.id);
    let mut found = Diagnostics::default();
    let plan = plan_installation(clients, run, planned, config, replaced.as_deref(), &mut found).await;
    diags.errors.append(&mut found.errors);
    diags.check()?;
    plan
}

/// The plan of an installation. What the apply would refuse because of what there is in Okta goes to `found`. This plan
/// removes the integration whose id is `replaced`.
///
/// # Errors
/// One in `found`, without which there is no plan.
async fn plan_installation(
    clients: &SharedClients,
    run: &Run,
    mut plan: Model,
    config: &Model,
    replaced: Option<&str>,
    found: &mut Diagnostics,
) -> Result<Plan<Model, Private>, Reported> {
    clients.expect_okta(found)?;
    if !plan.stores_secret() {
        plan.drop_secret();
    }
    plan.org_url = clients.planned_org_url();
    if clients.okta_is_unknown() {
        if plan.adopt_existing == Value::Value(false) {
            Remembered::by_default().fill(&mut plan, config);
        }
    } else {
        let okta = reading(clients, &plan, found)?;
        let default = default_of(&plan, run);
        foresight::foresee(&okta, &plan, config, replaced, default, found).await?.fill(&mut plan, config);
    }
    let planned = Planned { org_url: plan.org_url.as_ref_option().cloned(), ..Planned::default() };
    let private = Private::planning(Remembered::of(&plan), planned);
    Ok(Plan::new(plan, private))
}

/// What an installation gets where the configuration does not say. The plan that shows the type of what it adopts is
/// made again in the apply; if a tainted object was that one, it is gone by then, and the type is still the right one.
fn default_of(plan: &Model, run: &Run) -> Remembered {
    let default = Remembered::by_default();
    let removed = plan.org_url.as_deref_option().and_then(|org| run.removed_type(org));
    match removed.filter(|_| plan.adopt_existing == Value::Value(true)) {
        Some(kind) => default.with_kind(kind),
        None => default,
    }
}

/// The plan for an integration that is there, and what replaces it.
///
/// # Errors
/// One that there is no way to ask Okta.
pub(super) async fn plan_update(
    clients: &SharedClients,
    Update { prior, planned, config, private }: Update<Model, Private>,
    diags: &mut Diagnostics,
) -> Result<Plan<Model, Private>, Reported> {
    clients.expect_okta(diags)?;
    let UpdatePlan { plan, private, step } = UpdatePlan::of(&prior, planned, &config, private);
    let mut found = Diagnostics::default();
    let mut replace = Vec::new();
    match step {
        Step::Refuse { argument, what, mint } => {
            // In place, so that nothing is removed: the apply refuses.
            found.fail(problems::to_be_written_out(), what, AttributePath::new(argument));
            diags.warn_of(found);
            mint.into_iter().for_each(|reason| reason.announce(diags, &prior));
        }
        Step::Replace(arguments) => {
            let removes = plan.allow_second_installation != Value::Value(true);
            warn_of_unlisted(&plan.granted_scopes, &prior.granted_scopes, removes, diags);
            announce_replacement(clients, &prior, &plan, diags).await;
            replace = arguments.into_iter().map(AttributePath::new).collect();
        }
        Step::Stay { unknown, mint } => {
            unknown.into_iter().for_each(|name| warn_of_unknown(diags, name, "integration"));
            if let Some(reason) = mint {
                // What the apply would refuse is in `found`.
                let _ = expect_slot(clients, &prior, &plan, &mut found).await;
                diags.warn_of(found);
                reason.announce(diags, &prior);
            }
        }
    }
    Ok(Plan { model: plan, private, replace })
}

/// Says what a plan that replaces the integration does not show: that Druva has no access meanwhile, or what stands in the
/// way of installing the new one beside the old one.
async fn announce_replacement(clients: &SharedClients, prior: &Model, plan: &Model, diags: &mut Diagnostics) {
    if plan.allow_second_installation != Value::Value(true) {
        diags.warn(
            problems::no_access_meanwhile(),
            format!(
                "Okta cannot change an installed integration. So the apply removes the old one, and then installs another \
                 one. Druva has no access from the removal until the druva_okta_link has moved. If the installation fails, \
                 nothing is installed.\n\nTo have the new one installed first, write into the resource:\n\n{}",
                existing::WITHOUT_A_GAP
            ),
            AttributePath::root(),
        );
        return;
    }
    let mut found = Diagnostics::default();
    // What the apply would refuse is in `found`.
    let _ = expect_at_most_one(clients, prior, plan, &mut found).await;
    diags.warn_of(found);
}

/// An error where the org has more than the integration that is replaced.
async fn expect_at_most_one(
    clients: &SharedClients,
    prior: &Model,
    plan: &Model,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    if clients.okta_is_unknown() {
        return Ok(());
    }
    let okta = reading(clients, plan, diags)?;
    let sought = Sought::by(plan.kind.as_deref_option());
    let there = existing::installed(&okta, &sought, Freshness::Cached, diags).await?;
    if there.iter().any(|instance| Some(instance.id.as_str()) != prior.id.as_deref_option()) {
        return Err(existing::refuse_second(diags, &okta, &there, plan, ""));
    }
    Ok(())
}

/// An error where minting would be refused: both secrets may be in use.
async fn expect_slot(
    clients: &SharedClients,
    prior: &Model,
    plan: &Model,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    let (false, Value::Value(id)) = (clients.okta_is_unknown(), &prior.id) else { return Ok(()) };
    let okta = reading(clients, plan, diags)?;
    rotation::expect_slot(&okta, id, plan.policy(prior.client_secret_id.as_deref_option()), diags).await
}

/// The client of Okta, for a look within the time that reading may take.
fn reading(clients: &SharedClients, plan: &Model, diags: &mut Diagnostics) -> Result<okta::Client, Reported> {
    clients.until(timeouts::deadline(&plan.timeouts, Operation::Read)).okta(diags)
}
