//! Getting an integration into the org: looking first, then installing it or taking over the one that is there.

use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Wanted;
use super::private::Remembered;
use super::{Model, lost_installation, problems};
use crate::clients::SharedClients;
use crate::diagnostics::OktaOperation;
use crate::framework::{Report, checkpoint};
use crate::http::Freshness;
use crate::okta::api_services::{DRUVA_TYPE, Instance, NewInstanceRequest};
use crate::okta::sought::Sought;
use crate::redaction::ServerText;
use crate::resources::attempt::Attempt;
use crate::resources::{recent, rotation};
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
pub(super) async fn installed(
    okta: &okta::Client,
    sought: &Sought<'_>,
    freshness: Freshness,
    diags: &mut Diagnostics,
) -> Option<Vec<Instance>> {
    match okta.list_instances(freshness).await {
        Ok(instances) => Some(instances.into_iter().filter(|instance| sought.is(instance)).collect()),
        Err(error) => {
            diagnostics::okta(diags, OktaOperation::ListIntegrations, &error, AttributePath::root());
            None
        }
    }
}

/// Installs it, and keeps the secret that comes with the answer.
pub(super) async fn install(
    org: Org<'_>,
    planned: Model,
    wanted: Wanted,
    config: &Model,
    diags: &mut Diagnostics,
) -> Option<Model> {
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
            diagnostics::okta(diags, installing, &error, AttributePath::root());
            say_what_stands(org, diags);
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
    Some(state)
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

/// After a refusal, where another one was to stay until the new one is there.
fn say_what_stands(org: Org<'_>, diags: &mut Diagnostics) {
    let ([other], Some(last)) = (org.others, diags.errors.last_mut()) else { return };
    last.detail.to_mut().push_str(&format!(
        "\n\nNothing was removed: {} is installed as before. If Okta says that the type is installed already, this org allows \
         one installation at a time: take allow_second_installation and create_before_destroy out. The old one is then removed \
         first, and Druva has no access until the link has moved.",
        other.id
    ));
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

/// What an installation would get where `config` leaves it out, as far as a plan can tell; and in `found` what would become
/// of it, and what the apply would refuse. An integration whose id is `replaced` goes with this plan. None where what is to be
/// adopted cannot be looked for: then that is an error.
pub(super) async fn foresee(
    okta: &okta::Client,
    plan: &Model,
    config: &Model,
    replaced: Option<&str>,
    default: Remembered,
    found: &mut Diagnostics,
) -> Option<Remembered> {
    // What will be adopted may be gone by then, or be the tainted object that this apply removes first: where it is not as
    // an installation would be, only the apply knows.
    let unless_adopted =
        if plan.adopt_existing == Value::Value(false) { default.clone() } else { Remembered::default() };
    if config.kind.is_unknown() {
        return Some(unless_adopted);
    }
    let sought = Sought::by(config.kind.as_deref_option());
    let Some(mut existing) = installed(okta, &sought, Freshness::Cached, found).await else {
        // Terraform plans again within the apply, and refuses a plan that knows less than the one before.
        return (plan.adopt_existing != Value::Value(true)).then_some(unless_adopted);
    };
    existing.retain(|instance| Some(instance.id.as_str()) != replaced);
    Some(match (existing.as_slice(), plan.adopt_existing, plan.allow_second_installation) {
        ([], ..) => default,
        ([one], Value::Value(true), _) => {
            foresee_adoption(okta, plan, config, one, found).await;
            // Its type is that of Druva's listing, whatever becomes of it.
            default.common_with(&Remembered::of_instance(one)).with_kind(one.kind.clone())
        }
        (_, Value::Unknown, _) => unless_adopted,
        ([one], _, Value::Value(true)) => {
            foresee_second(okta, one, found);
            default
        }
        (_, _, Value::Unknown) => default,
        (several, ..) => {
            // In a replacement it is another one than the tainted object could be.
            let unless = if replaced.is_some() { String::new() } else { if_tainted(&several[0], config) };
            refuse_second(found, okta, several, plan, &unless);
            default
        }
    })
}

/// What a plan that installs another one beside `existing` does not show. The plan of a replacement says nothing of the old
/// one; its apply, which Terraform before 1.16 has planned like a creation, cannot tell it from another one.
fn foresee_second(okta: &okta::Client, existing: &Instance, found: &mut Diagnostics) {
    let what = format!(
        "allow_second_installation is true, so another one is installed beside the one of {}. If this applies a replacement, \
         that is the old one, which is removed once the link has moved, and nothing needs to be done. Otherwise look whose it \
         is",
        okta.domain()
    );
    found.warn(
        problems::beside_another(),
        format!(
            "{}\n\nIf Terraform says that this resource is tainted and {} is its integration, this plan removes it. To keep it \
             instead:\n  terraform untaint ADDRESS",
            how_to_get_on(&what, std::slice::from_ref(existing)),
            existing.id
        ),
        AttributePath::new("allow_second_installation"),
    );
}

/// Terraform plans a tainted object like a new one: what becomes of `existing` then, and how to keep it.
fn if_tainted(existing: &Instance, config: &Model) -> String {
    let otherwise = match Remembered::of_instance(existing).lines_to_keep_it(config) {
        Some(lines) => format!(
            ", with the defaults of what the configuration leaves out. To have it installed as it is, write into the \
             resource:\n\n{lines}"
        ),
        None => ".".to_owned(),
    };
    format!(
        "If Terraform says that this resource is tainted and {} is its integration, the apply removes it first, and installs \
         another one{otherwise}\nTo keep the integration instead, type before the apply (the resource's address stands above, \
         after \"with\"):\n  terraform untaint ADDRESS\n\n",
        existing.id
    )
}

/// What a plan that reads as a creation does instead.
async fn foresee_adoption(
    okta: &okta::Client,
    plan: &Model,
    config: &Model,
    existing: &Instance,
    found: &mut Diagnostics,
) {
    let mut plan = plan.clone();
    Remembered::of_instance(existing).fill(&mut plan, config);
    let secret = if plan.stores_secret() { " and mints a secret for it" } else { "" };
    found.warn(
        problems::taken_over(),
        format!(
            "Unless this plan also removes it, nothing is installed. The plan takes over {}{secret}.\n\nIts scopes: {}.\n\n{}",
            describe(existing),
            existing.granted_scopes.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
            if_tainted(existing, config).trim_end(),
        ),
        AttributePath::new("adopt_existing"),
    );
    // What is unknown now is compared at apply.
    if let Some(wanted) = plan.wanted(&mut Diagnostics::default())
        && expect_as_configured(&wanted, existing, found).is_none()
    {
        return;
    }
    if plan.stores_secret()
        && let Some(secrets) = rotation::list(okta, &existing.id, Freshness::Cached, found).await
        && plan.policy(None).slot(&secrets).is_none()
    {
        rotation::refuse(&existing.id, &secrets, found);
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

/// Takes over an integration that somebody else installed, with a secret of our own.
pub(super) async fn adopt(
    okta: &okta::Client,
    planned: Model,
    wanted: &Wanted,
    existing: &Instance,
    diags: &mut Diagnostics,
) -> Option<Model> {
    expect_as_configured(wanted, existing, diags)?;
    if !planned.stores_secret() {
        return Some(planned.observed(existing, okta));
    }
    let secrets = rotation::list(okta, &existing.id, Freshness::now(), diags).await?;
    let policy = planned.policy(None);
    let minted = rotation::mint(okta, &existing.id, &secrets, policy, None, diags).await?;
    let state = planned.observed(existing, okta).with_minted(minted);
    checkpoint(&state);
    Some(state)
}

/// An error unless what is there is what the configuration asks for.
fn expect_as_configured(wanted: &Wanted, existing: &Instance, diags: &mut Diagnostics) -> Option<()> {
    if wanted.is(existing) {
        return Some(());
    }
    diags.fail(
        problems::not_as_configured(),
        format!(
            "The integration {} cannot be adopted.\n{}\n\nOkta cannot change an installed integration. Configure what it has, \
             leave out what it may keep, or remove it in Okta and let Terraform install it.",
            existing.id,
            wanted.differences(existing),
        ),
        AttributePath::new("granted_scopes"),
    );
    None
}

/// An error that says what is there and how to get on. `unless` is what may be otherwise.
pub(super) fn refuse_second(
    diags: &mut Diagnostics,
    okta: &okta::Client,
    found: &[Instance],
    plan: &Model,
    unless: &str,
) {
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
    diags.fail(problems::installed_already(), detail, AttributePath::new("type"));
}

/// An error: Terraform asks to remove what this very run took over.
pub(super) fn refuse_removal(diags: &mut Diagnostics, id: &str) {
    diags.fail(
        problems::just_adopted(),
        format!(
            "This apply took over the integration {id} (adopt_existing = true), and Terraform asks to remove the same one, \
             which would cut Druva off. It is not removed. The next apply would remove it: take it out of the state first.\n\n\
             - If the lifecycle has create_before_destroy, this resource is in the state twice. Take create_before_destroy or \
             adopt_existing out of the configuration, and type (the resource's address stands above, after \"with\"):\n  \
             terraform state rm ADDRESS\n  terraform import ADDRESS {id}\n\
             - If another resource took it over, take this one out of the state:\n  terraform state rm ADDRESS"
        ),
        AttributePath::root(),
    );
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

fn describe(instance: &Instance) -> String {
    let name = ServerText::shown_or(instance.name.as_ref(), &instance.kind);
    let when = ServerText::shown_or(instance.created_at.as_ref(), "at an unknown time");
    let by = ServerText::shown_or(instance.created_by.as_ref(), "somebody");
    format!("{} \"{name}\" (type {}), installed {when} by {by}", instance.id, instance.kind)
}
