//! What a plan says of an installation: what it will get, and what the apply would refuse.

use terraform_plugin::{Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::adoption::expect_as_configured;
use super::course::Course;
use super::model::Model;
use super::remembered::Remembered;
use super::wanted::Wanted;
use super::{existing, problems};
use crate::diagnostics::ADDRESS_IS_ABOVE;
use crate::http::Freshness;
use crate::linking::rotation;
use crate::okta;
use crate::okta::api_services::Instance;
use crate::okta::sought::Sought;

/// What an installation would get where `config` leaves it out, as far as a plan can tell; and in `found` what would become
/// of it, and what the apply would refuse. This plan removes the one whose id is `replaced`.
///
/// # Errors
/// One in `found`, where what is to be adopted cannot be looked for.
pub(super) async fn foresee(
    okta: &okta::Client,
    plan: &Model,
    config: &Model,
    replaced: Option<&str>,
    default: Remembered,
    found: &mut Diagnostics,
) -> Result<Remembered, Reported> {
    // What will be adopted may be gone by then, or be the tainted object that this apply removes first: where it is not as
    // an installation would be, only the apply knows.
    let unless_adopted =
        if plan.adopt_existing == Value::Value(false) { default.clone() } else { Remembered::default() };
    if config.kind.is_unknown() {
        return Ok(unless_adopted);
    }
    let sought = Sought::by(config.kind.as_deref_option());
    let mut there = match existing::installed(okta, &sought, Freshness::Cached, found).await {
        Ok(there) => there,
        // Terraform plans again within the apply, and refuses a plan that knows less than the one before.
        Err(reported) if plan.adopt_existing == Value::Value(true) => return Err(reported),
        Err(_) => return Ok(unless_adopted),
    };
    there.retain(|instance| Some(instance.id.as_str()) != replaced);
    Ok(match Course::of(&there, plan) {
        Course::Install | Course::UnknownSecond => default,
        Course::UnknownAdoption => unless_adopted,
        Course::Adopt(one) => {
            foresee_adoption(okta, plan, config, one, found).await;
            // Its type is that of Druva's listing, whatever becomes of it.
            default.common_with(&Remembered::of_instance(one)).with_kind(one.kind.clone())
        }
        Course::InstallBeside(one) => {
            foresee_second(okta, one, found);
            default
        }
        Course::Refuse(several) => {
            // In a replacement it is another one than the tainted object could be.
            let unless = if replaced.is_some() { String::new() } else { if_tainted(&several[0], config) };
            existing::refuse_second(found, okta, several, plan, &unless);
            default
        }
    })
}

/// What a plan that installs another one beside `instance` does not show. The plan of a replacement says nothing of the old
/// one; its apply, which Terraform before 1.16 has planned like a creation, cannot tell it from another one.
fn foresee_second(okta: &okta::Client, instance: &Instance, found: &mut Diagnostics) {
    let id = &instance.id;
    let detail = format!(
        "allow_second_installation is true, so this plan installs another integration. The org {} has this one:\n{}\n\nWhat to \
         do depends on where it comes from:\n  - This plan is a replacement, and it is the old one: do nothing. It is removed \
         once the link has moved.\n  - An interrupted run left it: take it over.\n      terraform import ADDRESS {id}\n  - Another \
         state or workspace manages it: leave allow_second_installation out.\n  - Terraform says that this resource is tainted, \
         and {id} is its integration: this plan removes it. To keep it:\n      terraform untaint \
         ADDRESS\n\n{ADDRESS_IS_ABOVE}",
        okta.domain(),
        existing::describe(instance),
    );
    found.warn(problems::beside_another(), detail, AttributePath::new("allow_second_installation"));
}

/// Terraform plans a tainted object like a new one: what becomes of `instance` then, and how to keep it.
fn if_tainted(instance: &Instance, config: &Model) -> String {
    let otherwise = match Remembered::of_instance(instance).lines_to_keep_it(config) {
        Some(lines) => format!(
            " with the defaults for what the configuration leaves out. To have it installed with what it has now, write \
             into the resource:\n\n{lines}"
        ),
        None => ".".to_owned(),
    };
    format!(
        "If Terraform says that this resource is tainted and {} is its integration, the apply removes it first, and \
         installs another one{otherwise}\nTo keep the integration instead, type before the apply:\n  terraform untaint \
         ADDRESS\n\n",
        instance.id
    )
}

/// What a plan that reads as a creation does instead.
async fn foresee_adoption(
    okta: &okta::Client,
    plan: &Model,
    config: &Model,
    instance: &Instance,
    found: &mut Diagnostics,
) {
    let mut plan = plan.clone();
    Remembered::of_instance(instance).fill(&mut plan, config);
    let secret = if plan.stores_secret() { ", and mints a secret for it" } else { "" };
    found.warn(
        problems::taken_over(),
        format!(
            "This plan takes over {}{secret}. It installs nothing, unless it also removes that integration.\n\nIts scopes: \
             {}.\n\n{}\n\n{ADDRESS_IS_ABOVE}",
            existing::describe(instance),
            instance.granted_scopes.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
            if_tainted(instance, config).trim_end(),
        ),
        AttributePath::new("adopt_existing"),
    );
    // What is unknown now is compared at apply.
    let is_refused = Wanted::of(&plan).is_some_and(|wanted| expect_as_configured(&wanted, instance, found).is_err());
    if plan.stores_secret() && !is_refused {
        // Whatever is reported is in `found`, and this is the last to look.
        let _ = rotation::expect_slot(okta, &instance.id, plan.policy(None), found).await;
    }
}
