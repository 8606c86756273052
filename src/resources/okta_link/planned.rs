//! What a plan of a link leaves for the plan or the apply that follows it. Nothing of it stays once it was applied.

use serde::{Deserialize, Serialize};

use super::model::Model;

/// What a plan is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Planned {
    /// Druva's id of the link that was there before.
    pub id: Option<String>,
    /// Okta's id of the secret that was minted for it, and goes with it.
    pub minted_secret_id: Option<String>,
    /// Whether the plan removes it, and links another org.
    pub replaces: bool,
}

impl Planned {
    /// For a plan that begins with this state.
    pub fn of(prior: &Model) -> Self {
        Self {
            id: prior.id.as_ref_option().cloned(),
            minted_secret_id: prior.client_secret_id.as_ref_option().filter(|_| prior.is_minted()).cloned(),
            replaces: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use tf_provider::value::Value;

    use super::*;

    #[test]
    fn a_minted_secret_goes_with_its_link() {
        let text = |text: &str| Value::Value(text.to_owned());
        let link = Model { id: text("17"), client_secret_id: text("ocs1"), ..Model::default() };
        let minted = |minted| Model { mint_client_secret: minted, ..link.clone() };
        let rows = [
            ("nothing is there", Model::default(), None, None),
            ("a given secret", link.clone(), Some("17"), None),
            ("a secret that is not minted", minted(Value::Value(false)), Some("17"), None),
            ("a minted secret", minted(Value::Value(true)), Some("17"), Some("ocs1")),
            (
                "a minted secret that is not known",
                Model { client_secret_id: Value::Null, ..minted(Value::Value(true)) },
                Some("17"),
                None,
            ),
        ];
        for (name, prior, id, minted_secret_id) in rows {
            let expected = Planned {
                id: id.map(str::to_owned),
                minted_secret_id: minted_secret_id.map(str::to_owned),
                replaces: false,
            };
            assert_eq!(Planned::of(&prior), expected, "{name}");
        }
    }
}
