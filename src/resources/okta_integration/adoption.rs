//! Taking over the integration that an org has already.

use terraform_plugin::{Report, Reported, checkpoint};
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use super::wanted::Wanted;
use crate::diagnostics::ADDRESS_IS_ABOVE;
use crate::http::Freshness;
use crate::linking::rotation::{self, Minting};
use crate::okta;
use crate::okta::api_services::Instance;

/// Takes over an integration that somebody else installed, with a secret of our own.
///
/// # Errors
/// Where it is not the configured one, or no secret is minted: then it is not taken over.
pub(super) async fn adopt(
    okta: &okta::Client,
    planned: Model,
    wanted: &Wanted,
    existing: &Instance,
    diags: &mut Diagnostics,
) -> Result<Model, Reported> {
    expect_as_configured(wanted, existing, diags)?;
    if !planned.stores_secret() {
        return Ok(planned.observed(existing, okta));
    }
    let secrets = rotation::list(okta, &existing.id, Freshness::now(), diags).await?;
    let minting =
        Minting { okta, instance_id: &existing.id, secrets: &secrets, policy: planned.policy(None), probe: None };
    let minted = minting.mint(diags).await?;
    let state = planned.observed(existing, okta).with_minted(minted);
    checkpoint(&state);
    Ok(state)
}

/// Goes on where what is there is what the configuration asks for.
///
/// # Errors
/// One that says how it differs.
pub(super) fn expect_as_configured(
    wanted: &Wanted,
    existing: &Instance,
    diags: &mut Diagnostics,
) -> Result<(), Reported> {
    if wanted.is(existing) {
        return Ok(());
    }
    Err(diags.fail(
        problems::not_as_configured(),
        format!(
            "adopt_existing cannot take over the integration {}, because it differs from the configuration.\n{}\n\nOkta \
             cannot change an installed integration. Choose one of these:\n  - Configure what it has, or leave these \
             arguments out to keep what it has.\n  - Remove it in Okta, and apply: Terraform installs it as configured.",
            existing.id,
            wanted.differences(existing),
        ),
        AttributePath::new("granted_scopes"),
    ))
}

/// An error: Terraform asks to remove what this very run took over.
pub(super) fn refuse_removal(diags: &mut Diagnostics, id: &str) -> Reported {
    diags.fail(
        problems::just_adopted(),
        format!(
            "This apply took over the integration {id} (adopt_existing = true). Then Terraform asked to remove the same \
             one, which would cut Druva off. It is not removed now, but the next apply would remove it. So change the state \
             first:\n\n- If the lifecycle has create_before_destroy, this resource is in the state twice. Take \
             create_before_destroy or adopt_existing out of the configuration, and type:\n  terraform state rm \
             ADDRESS\n  terraform import ADDRESS {id}\n- If another resource took it over, take this one out of the \
             state:\n  terraform state rm ADDRESS\n\n{ADDRESS_IS_ABOVE}"
        ),
        AttributePath::root(),
    )
}
