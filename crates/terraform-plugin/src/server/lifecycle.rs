//! What becomes of a resource's state when an operation ends well, ends badly or panics.
//!
//! The rule behind all rules: Terraform forgets an object only if the resource said, without an error, that it is gone.

use tf_provider::{AttributePath, Diagnostics};

use super::panics::{Panicked, catch};
use super::problems;
use crate::checkpoint::with_checkpoints;
use crate::codec::Encoded;
use crate::diagnostics::{Report, Reported};
use crate::dyn_resource::{DynResource, EncodedPlan, EncodedState, Request};
use crate::plan;

/// What a plan or an apply asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Create,
    Update,
    Destroy,
}

impl Change {
    fn between(prior: &Encoded, next: &Encoded) -> Option<Self> {
        match (prior.is_null(), next.is_null()) {
            (true, false) => Some(Self::Create),
            (false, false) => Some(Self::Update),
            (false, true) => Some(Self::Destroy),
            (true, true) => None,
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Create => "creating the resource",
            Self::Update => "updating the resource",
            Self::Destroy => "destroying the resource",
        }
    }
}

/// The answer of an operation. A panic becomes an error.
pub(super) fn expect<T>(
    diags: &mut Diagnostics,
    doing: &str,
    answer: Result<Result<T, Reported>, Panicked>,
) -> Result<T, Reported> {
    match answer {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(reported)) if !diags.errors.is_empty() => Err(reported),
        // It was reported, but not here: such as to diagnostics that were thrown away.
        Ok(Err(_)) => Err(diags.fail_as_listed(problems::said_nothing(doing), AttributePath::root())),
        Err(Panicked(place)) => {
            let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
            Err(diags.fail(
                problems::panicked(doing),
                format!(
                    "This is a mistake in the provider{place}: please report it. What Terraform knew before \
                     is kept, and so is what the provider had noted by then."
                ),
                AttributePath::root(),
            ))
        }
    }
}

/// The state after a look at the remote object.
pub(super) async fn read(
    resource: &dyn DynResource,
    diags: &mut Diagnostics,
    state: Encoded,
    private: Vec<u8>,
) -> EncodedState {
    let answer = catch(resource.read(&state, &private, diags)).await;
    match expect(diags, "reading the resource", answer) {
        Ok(Some((new, private))) if !new.is_null() => (new, private),
        Ok(_) if diags.errors.is_empty() => {
            tracing::info!("the remote object is gone");
            (Encoded::null(), Vec::new())
        }
        _ => (state, private),
    }
}

/// The plan. `agreed` is the planned private state of the plan that is being applied, if there is one.
pub(super) async fn plan_change(
    resource: &dyn DynResource,
    diags: &mut Diagnostics,
    request: &Request,
    agreed: &[u8],
) -> Result<EncodedPlan, Reported> {
    let change = Change::between(&request.prior, &request.next).ok_or_else(|| nothing_to_do(diags))?;
    let operation = async {
        let planned = match change {
            Change::Create => {
                let planned = resource.plan_create(request, diags).await;
                // What keeps an object from being created again keeps it from being destroyed, too.
                if planned.is_err() && !request.private.is_empty() {
                    say_how_to_destroy(diags);
                }
                planned?
            }
            Change::Update => resource.plan_update(request, diags).await?,
            Change::Destroy => {
                resource.plan_delete(diags).await?;
                (Encoded::null(), request.private.clone(), Vec::new())
            }
        };
        if !agreed.is_empty() {
            resource.confirm_plan(agreed, &planned.1, diags)?;
        }
        Ok(planned)
    };
    let answer = catch(operation).await;
    expect(diags, &format!("planning, which comes before {}", change.verb()), answer)
}

/// Adds to what keeps an object from being replaced how to destroy it all the same: `terraform destroy` begins with the same
/// plan, unless it is told not to look.
fn say_how_to_destroy(diags: &mut Diagnostics) {
    if let Some(last) = diags.errors.last_mut() {
        last.detail.to_mut().push_str("\n\nTo destroy it instead:\n  terraform destroy -refresh=false");
    }
}

/// The state after a change. After a failure it is the last checkpoint or else the prior state: an answer without a
/// state would make Terraform forget an object that may well exist.
pub(super) async fn apply(resource: &dyn DynResource, diags: &mut Diagnostics, request: Request) -> EncodedState {
    let Some(change) = Change::between(&request.prior, &request.next) else {
        nothing_to_do(diags);
        return (request.prior, request.private);
    };
    let operation = async {
        match change {
            Change::Create => resource.create(&request, diags).await,
            Change::Update => resource.update(&request, diags).await,
            Change::Destroy => resource.delete(&request, diags).await.map(|()| (Encoded::null(), Vec::new())),
        }
    };
    let (answer, checkpoint) = with_checkpoints(catch(operation)).await;
    match expect(diags, change.verb(), answer) {
        Ok((state, private)) if change != Change::Destroy => {
            let kept = diags.errors.is_empty().then(|| plan::with_promises(&request.next, state.clone()));
            (settled(diags, kept.unwrap_or(state)), private)
        }
        Ok(destroyed) if diags.errors.is_empty() => destroyed,
        _ => (checkpoint.unwrap_or(request.prior), request.private),
    }
}

fn nothing_to_do(diags: &mut Diagnostics) -> Reported {
    diags.fail_as_listed(problems::nothing_to_do(), AttributePath::root())
}

/// A state without unknown values. After an apply there must be none, so each is a mistake that is reported by name.
fn settled(diags: &mut Diagnostics, state: Encoded) -> Encoded {
    let (state, unknown) = state.without_unknowns();
    // With another error beside it, an unknown value is what that error left undone.
    if let (Some(first), true) = (unknown.first(), diags.errors.is_empty()) {
        let names: Vec<_> = unknown.iter().map(ToString::to_string).collect();
        diags.fail(
            problems::left_unknown(),
            format!("After the change it still does not know: {}. Please report this.", names.join(", ")),
            first.clone(),
        );
    }
    state
}
