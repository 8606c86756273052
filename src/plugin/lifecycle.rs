//! What becomes of a resource's state when an operation ends well, ends badly, ends silently or panics.
//!
//! The rule behind all rules: Terraform forgets an object only if the resource said, without an error, that it is gone.

use tf_provider::{AttributePath, Diagnostics};

use super::panics::{Panicked, catch};
use super::problems;
use crate::framework::{DynResource, Encoded, Report, with_checkpoints};

/// A state, with the private state beside it.
pub(super) type StateAndPrivate = (Encoded, Vec<u8>);

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

/// What Terraform sends to plan or to apply a change.
pub(super) struct Request {
    pub prior: Encoded,
    /// The proposed state in a plan, the planned one in an apply.
    pub next: Encoded,
    pub config: Encoded,
    /// The prior private state in a plan, the planned one in an apply.
    pub private: Vec<u8>,
}

/// The answer of an operation from which Terraform expects one: an error is added if there is neither.
pub(super) fn expect<T>(diags: &mut Diagnostics, doing: &str, answer: Result<Option<T>, Panicked>) -> Option<T> {
    match answer {
        Ok(Some(answer)) => return Some(answer),
        Ok(None) if !diags.errors.is_empty() => {}
        Ok(None) => {
            diags.fail(
                problems::said_nothing(doing),
                "It gave neither a result nor an error. This is a mistake in the provider: please report it. What \
                 Terraform knew before is kept.",
                AttributePath::root(),
            );
        }
        Err(Panicked(place)) => {
            let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
            diags.fail(
                problems::panicked(doing),
                format!(
                    "This is a mistake in the provider{place}: please report it. What Terraform knew before \
                     is kept, and so is what the provider had noted by then."
                ),
                AttributePath::root(),
            );
        }
    }
    None
}

/// The state after a look at the remote object.
pub(super) async fn read(
    resource: &dyn DynResource,
    diags: &mut Diagnostics,
    state: Encoded,
    private: Vec<u8>,
) -> StateAndPrivate {
    let answer = catch(resource.read(diags, &state, &private)).await;
    match answer {
        Ok(Some((new, private))) if !new.is_null() => (new, private),
        Ok(_) if diags.errors.is_empty() => {
            tracing::info!("the remote object is gone");
            (Encoded::null(), Vec::new())
        }
        Ok(_) => (state, private),
        Err(panicked) => {
            expect::<()>(diags, "reading the resource", Err(panicked));
            (state, private)
        }
    }
}

/// The planned state and private state, and what forces a replacement; `None` after an error. `agreed` is the planned
/// private state of the plan that is being applied, if there is one.
pub(super) async fn plan(
    resource: &dyn DynResource,
    diags: &mut Diagnostics,
    Request { prior, next, config, private }: &Request,
    agreed: &[u8],
) -> Option<(Encoded, Vec<u8>, Vec<AttributePath>)> {
    let Some(change) = Change::between(prior, next) else {
        return nothing_to_do(diags);
    };
    let operation = async {
        let planned = match change {
            // Nothing that does not exist has private state, but for what a replacement leaves of the plan before.
            Change::Create if private.is_empty() => {
                let (state, private) = resource.plan_create(diags, next, config).await?;
                (state, private, Vec::new())
            }
            Change::Create => {
                let planned = resource.plan_replacement(diags, next, config, private).await;
                if planned.is_none() {
                    say_how_to_destroy(diags);
                }
                let (state, private) = planned?;
                (state, private, Vec::new())
            }
            Change::Update => resource.plan_update(diags, prior, next, config, private).await?,
            Change::Destroy => {
                let private = resource.plan_destroy(diags, prior, private).await?;
                (Encoded::null(), private, Vec::new())
            }
        };
        if !agreed.is_empty() {
            resource.confirm_plan(diags, agreed, &planned.1)?;
        }
        Some(planned)
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
pub(super) async fn apply(
    resource: &dyn DynResource,
    diags: &mut Diagnostics,
    Request { prior, next, config, private }: Request,
) -> StateAndPrivate {
    let Some(change) = Change::between(&prior, &next) else {
        return nothing_to_do(diags).unwrap_or((prior, private));
    };
    let operation = async {
        match change {
            Change::Create => resource.create(diags, &next, &config, &private).await,
            Change::Update => resource.update(diags, &prior, &next, &config, &private).await,
            Change::Destroy => {
                let destroyed = resource.destroy(diags, &prior, &private).await;
                destroyed.map(|()| (Encoded::null(), Vec::new()))
            }
        }
    };
    let (mut answer, checkpoint) = with_checkpoints(catch(operation)).await;
    if change != Change::Destroy {
        // A null state says as little as no state.
        answer = answer.map(|answer| answer.filter(|(state, _)| !state.is_null()));
    }
    match expect(diags, change.verb(), answer) {
        Some((state, private)) if change != Change::Destroy => (settled(diags, state), private),
        Some(destroyed) if diags.errors.is_empty() => destroyed,
        _ => (checkpoint.unwrap_or(prior), private),
    }
}

fn nothing_to_do<T>(diags: &mut Diagnostics) -> Option<T> {
    diags.fail(
        problems::nothing_to_do(),
        "Terraform asked for a change from nothing to nothing. Please report this.",
        AttributePath::root(),
    );
    None
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
