//! What is remembered of an integration beside its state, in Terraform's private data: no secret, which it would not keep.
//!
//! `type`, `granted_scopes` and `properties` have defaults for an installation only. Where the configuration leaves one of
//! them out, what was installed, imported or adopted stays wanted: a default that differs from it replaces nothing, and a
//! change that somebody makes in Okta is still drift.

use serde::{Deserialize, Serialize};
use terraform_plugin::Report;
use tf_provider::{AttributePath, Diagnostics};

use super::model::Model;
use super::problems;
use super::remembered::Remembered;
use crate::resources::unknown::turned_out_otherwise;

/// The private data of an integration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Private {
    /// What stays wanted where the configuration does not say.
    pub wanted: Remembered,
    /// Of the plan that this belongs to; null once it was applied.
    pub planned: Option<Planned>,
}

/// What a plan is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Planned {
    /// The org that it was made for, if that was known.
    pub org_url: Option<String>,
    /// Okta's id of the object that was there before.
    pub id: Option<String>,
    /// Whether the plan removes it, and installs another one.
    pub replaces: bool,
}

impl Planned {
    /// Adds an error where this, which the user agreed to, is not what is planned `now`.
    pub fn confirm(&self, now: &Self, diags: &mut Diagnostics) {
        if let (Some(then), Some(now)) = (&self.org_url, &now.org_url)
            && then != now
        {
            diags.fail(
                problems::planned_for_another_org(),
                format!(
                    "The plan was made for the org {then}, and the provider is configured for {now} now. Nothing was \
                     changed. Set okta.org_url (OKTA_ORG_URL) to the org that is meant, and plan again."
                ),
                AttributePath::new("org_url"),
            );
        }
        if now.replaces && !self.replaces {
            turned_out_otherwise(diags, "integration");
        }
    }
}

impl Private {
    /// Of what is in the state, whatever was planned.
    pub fn of(state: &Model) -> Self {
        Self { wanted: Remembered::of(state), planned: None }
    }

    /// After a look: what was remembered, and for the rest what `state` says. A state from before anything was remembered
    /// says what was wanted; one that was moved here does not, and what Okta shows (`fresh`) counts.
    pub fn after_reading(private: Self, state: &Model, fresh: &Model) -> Self {
        let known = Remembered::of(if state.granted_scopes.is_null() { fresh } else { state });
        Self { wanted: private.wanted.or(known), planned: None }
    }

    /// For a plan.
    pub fn planning(wanted: Remembered, planned: Planned) -> Self {
        Self { wanted, planned: Some(planned) }
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::value::Value;

    use super::super::samples::model;
    use super::*;

    #[test]
    fn what_was_agreed_to_is_applied_in_the_same_org_and_replaces_no_more() {
        let plan = |org: Option<&str>, replaces| Planned { org_url: org.map(str::to_owned), id: None, replaces };
        let (ours, other) = (Some("https://a.okta.com"), Some("https://b.okta.com"));
        let (org, replaced) =
            ("The plan was made for another Okta org", "An argument that was unknown at plan has changed");
        let table: [(&str, Planned, Planned, &[&str]); 8] = [
            ("the same", plan(ours, false), plan(ours, false), &[]),
            ("in another org", plan(ours, false), plan(other, false), &[org]),
            ("in an org that was not known", plan(None, false), plan(other, false), &[]),
            ("in an org that is not known", plan(ours, false), plan(None, false), &[]),
            ("a replacement", plan(ours, true), plan(ours, true), &[]),
            ("a replacement no more", plan(ours, true), plan(ours, false), &[]),
            ("a replacement now", plan(ours, false), plan(ours, true), &[replaced]),
            ("a replacement in another org", plan(ours, false), plan(other, true), &[org, replaced]),
        ];
        for (name, then, now, expected) in table {
            let mut diags = Diagnostics::default();
            then.confirm(&now, &mut diags);
            let said: Vec<_> = diags.errors.iter().map(|error| &*error.summary).collect();
            assert_eq!(said, expected, "{name}");
        }
    }

    #[test]
    fn a_look_remembers_what_was_wanted_and_plans_nothing() {
        let (state, fresh) = (model("state", &["s.one"]), model("fresh", &["s.two"]));
        let moved = Model { granted_scopes: Value::Null, ..state.clone() };
        let wanted = Remembered::of(&model("wanted", &[]));
        let planned = Private::planning(wanted.clone(), Planned::default());
        for (name, private, state, expected) in [
            ("remembered", planned, &state, wanted),
            ("nothing remembered", Private::default(), &state, Remembered::of(&state)),
            ("moved here", Private::default(), &moved, Remembered::of(&fresh)),
        ] {
            let after = Private::after_reading(private, state, &fresh);
            assert_eq!((after.wanted, after.planned), (expected, None), "{name}");
        }
    }
}
