//! What a plan does with an integration that is there, decided by the state and the configuration alone.

use super::changes::{Change, changes};
use super::model::Model;
use super::private::{Planned, Private};
use super::reason_to_mint::ReasonToMint;
use super::remembered::Remembered;

/// A plan for an integration that is there.
#[derive(Debug)]
pub(super) struct UpdatePlan {
    pub plan: Model,
    pub private: Private,
    pub step: Step,
}

/// What is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: it cannot be installed anew before the configuration says more, which the apply will refuse.
    Refuse {
        /// The first argument that differs.
        argument: &'static str,
        /// What to write.
        what: String,
        /// Why a secret would be minted.
        mint: Option<ReasonToMint>,
    },
    /// It is removed and another one installed, because these arguments differ.
    Replace(Vec<&'static str>),
    /// It stays.
    Stay {
        /// The arguments that are not known yet, and taken for unchanged.
        unknown: Vec<&'static str>,
        /// Why a secret is minted.
        mint: Option<ReasonToMint>,
    },
}

impl UpdatePlan {
    /// From the state, what the schema plans, the configuration, and what is remembered.
    pub fn of(prior: &Model, mut plan: Model, config: &Model, private: Private) -> Self {
        let remembered = private.wanted.or(Remembered::of(prior));
        remembered.clone().fill(&mut plan, config);
        let wanted = Remembered::of(&plan).or(remembered.clone());
        let planned = Planned { org_url: None, id: prior.id.as_ref_option().cloned(), replaces: false };
        let changes = changes(prior, &plan);
        let those = |which| changes.iter().filter(move |(_, change)| *change == which).map(|(name, _)| *name);
        let another: Vec<_> = those(Change::Another).collect();
        if let Some(&argument) = another.first() {
            if let Some(what) = remembered.what_to_write(config) {
                let mint = ReasonToMint::between(prior, &plan);
                // What is refused was never wanted.
                let private = Private::planning(remembered, planned);
                return Self { plan, private, step: Step::Refuse { argument, what, mint } };
            }
            let private = Private::planning(wanted, Planned { replaces: true, ..planned });
            return Self { plan, private, step: Step::Replace(another) };
        }
        let unknown = those(Change::Unknown).collect();
        if config.properties.is_null() {
            // None at all and an empty map are the same: what the state has stays.
            plan.properties = prior.properties.clone();
        }
        let mut mint = None;
        if !plan.stores_secret() {
            plan.drop_secret();
        } else if let Some(reason) = ReasonToMint::between(prior, &plan) {
            plan.forget_secret();
            mint = Some(reason);
        }
        Self { plan, private: Private::planning(wanted, planned), step: Step::Stay { unknown, mint } }
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::value::Value;

    use super::super::samples::{installed, map, model, set, text};
    use super::*;

    /// What the schema plans: the configuration, and where it says nothing what the state has, or the default.
    fn planned(prior: &Model, config: &Model) -> Model {
        let or = |config: &Value<String>, prior: &Value<String>| {
            if config.is_null() { prior.clone() } else { config.clone() }
        };
        Model {
            kind: or(&config.kind, &prior.kind),
            granted_scopes: if config.granted_scopes.is_null() {
                prior.granted_scopes.clone()
            } else {
                config.granted_scopes.clone()
            },
            properties: if config.properties.is_null() { prior.properties.clone() } else { config.properties.clone() },
            rotate_when_changed: config.rotate_when_changed.clone(),
            store_client_secret: if config.store_client_secret.is_null() {
                Value::Value(true)
            } else {
                config.store_client_secret
            },
            ..prior.clone()
        }
    }

    #[test]
    fn an_integration_stays_is_replaced_or_is_left_alone() {
        let nothing = Model::default;
        let whole = || model("t", &["okta.users.read"]);
        let stay = |unknown: &[&'static str], mint| Step::Stay { unknown: unknown.to_vec(), mint };
        let drifted = || model("t", &["okta.apps.read"]);
        let remembering = |model: &Model| Private { wanted: Remembered::of(model), planned: None };
        let properties = map(&[("a", "1")]);
        for (name, prior, config, private, expected) in [
            ("nothing said", installed(), nothing(), Private::default(), stay(&[], None)),
            ("all said", installed(), whole(), Private::default(), stay(&[], None)),
            (
                "other scopes, all said",
                installed(),
                Model { granted_scopes: set(&["okta.apps.read"]), ..whole() },
                Private::default(),
                Step::Replace(vec!["granted_scopes"]),
            ),
            (
                "all other, all said",
                installed(),
                Model { properties: properties.clone(), ..model("u", &["okta.apps.read"]) },
                Private::default(),
                Step::Replace(vec!["type", "granted_scopes", "properties"]),
            ),
            (
                "scopes that are known later",
                installed(),
                Model { granted_scopes: Value::Unknown, ..whole() },
                Private::default(),
                stay(&["granted_scopes"], None),
            ),
            (
                "scopes that are known later, and another type",
                installed(),
                Model { granted_scopes: Value::Unknown, ..model("u", &[]) },
                Private::default(),
                Step::Replace(vec!["type"]),
            ),
            (
                "a rotation",
                installed(),
                Model { rotate_when_changed: properties.clone(), ..whole() },
                Private::default(),
                stay(&[], Some(ReasonToMint::Rotated)),
            ),
            (
                "drift of what was remembered and is said",
                Model { granted_scopes: drifted().granted_scopes, ..installed() },
                whole(),
                remembering(&whole()),
                Step::Replace(vec!["granted_scopes"]),
            ),
        ] {
            let plan = UpdatePlan::of(&prior, planned(&prior, &config), &config, private);
            assert_eq!(plan.step, expected, "{name}");
            let planned = plan.private.planned.unwrap();
            assert_eq!(planned.id.as_deref(), Some("0oa1"), "{name}");
            assert_eq!(planned.replaces, matches!(expected, Step::Replace(_)), "{name}");
        }
    }

    #[test]
    fn what_the_configuration_leaves_out_is_neither_lost_nor_installed_with_the_defaults() {
        // Somebody changed the scopes in Okta, and the configuration leaves the type out.
        let prior = Model { granted_scopes: set(&["okta.apps.read"]), ..installed() };
        let config = Model { granted_scopes: set(&["okta.users.read"]), ..Model::default() };
        let private = Private { wanted: Remembered::of(&model("t", &["okta.users.read"])), planned: None };
        let plan = UpdatePlan::of(&prior, planned(&prior, &config), &config, private.clone());
        let Step::Refuse { argument, what, mint } = plan.step else { panic!("{:?}", plan.step) };
        assert_eq!((argument, mint), ("granted_scopes", None));
        assert!(what.contains("\n  type = \"t\"\n") && !what.contains("granted_scopes ="), "{what}");
        // What is refused was never wanted, and replaces nothing.
        assert_eq!(plan.private.wanted, private.wanted.or(Remembered::of(&prior)));
        assert!(!plan.private.planned.unwrap().replaces);
    }

    #[test]
    fn the_secret_is_kept_dropped_or_not_known_yet() {
        let kept = installed();
        let rotated = Model { rotate_when_changed: map(&[("a", "1")]), ..model("t", &["okta.users.read"]) };
        let not_stored = Model { store_client_secret: Value::Value(false), ..rotated.clone() };
        for (name, config, secret, id) in [
            ("kept", Model::default(), kept.client_secret.clone(), text("ocs1")),
            ("rotated", rotated, Value::Unknown, Value::Unknown),
            ("not stored, so never rotated", not_stored, Value::Null, Value::Null),
        ] {
            let plan = UpdatePlan::of(&kept, planned(&kept, &config), &config, Private::default()).plan;
            assert!(plan.client_secret == secret && plan.client_secret_id == id, "{name}");
        }
    }
}
