//! Where the secret of a link comes from.

use tf_provider::value::Value;

use super::model::Model;
use crate::secret::ClientSecret;

/// Where the secret comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretSource {
    /// `client_secret`, which the state keeps.
    Stored,
    /// `client_secret_wo`, which nobody keeps.
    WriteOnly,
    /// The provider mints it, and forgets it.
    Minted,
    /// No secret is configured, as after an import.
    None,
}

impl SecretSource {
    /// The source that a configuration names. What is unknown counts here: it will be given.
    pub fn of(config: &Model) -> Self {
        if config.mint_client_secret == Value::Value(true) {
            Self::Minted
        } else if !config.client_secret_wo.is_null() {
            Self::WriteOnly
        } else if !config.client_secret.is_null() {
            Self::Stored
        } else {
            Self::None
        }
    }

    /// Whether a configuration names no source for certain, as far as a plan can tell.
    pub fn is_missing(config: &Model) -> bool {
        Self::of(config) == Self::None && !config.mint_client_secret.is_unknown()
    }

    /// The argument that gives it: errors about the secret are shown there.
    pub fn argument(self) -> &'static str {
        match self {
            Self::WriteOnly => "client_secret_wo",
            Self::Stored | Self::Minted | Self::None => "client_secret",
        }
    }

    /// The secret that is given. None where none is: it is minted, or missing.
    pub fn given<'a>(self, planned: &'a Model, config: &'a Model) -> Option<&'a ClientSecret> {
        match self {
            Self::Stored => planned.client_secret.as_ref_option(),
            // No plan holds it.
            Self::WriteOnly => config.client_secret_wo.as_ref_option(),
            Self::Minted | Self::None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Value<ClientSecret> {
        Value::Value(ClientSecret::from(text.to_owned()))
    }

    #[test]
    fn a_configuration_names_one_source() {
        use SecretSource::{Minted, None, Stored, WriteOnly};
        let (secret, other) = (given("qX7-of-a-table-1"), given("qX7-of-a-table-2"));
        let nothing = Model::default();
        let rows = [
            ("nothing", Model::default(), None, true),
            ("client_secret", Model { client_secret: secret.clone(), ..nothing.clone() }, Stored, false),
            ("unknown client_secret", Model { client_secret: Value::Unknown, ..nothing.clone() }, Stored, false),
            ("client_secret_wo", Model { client_secret_wo: other.clone(), ..nothing.clone() }, WriteOnly, false),
            (
                "unknown client_secret_wo",
                Model { client_secret_wo: Value::Unknown, ..nothing.clone() },
                WriteOnly,
                false,
            ),
            (
                "one unknown of two",
                Model { client_secret_wo: Value::Unknown, client_secret: secret.clone(), ..nothing.clone() },
                WriteOnly,
                false,
            ),
            ("minted", Model { mint_client_secret: Value::Value(true), ..nothing.clone() }, Minted, false),
            ("not minted", Model { mint_client_secret: Value::Value(false), ..nothing.clone() }, None, true),
            ("perhaps minted", Model { mint_client_secret: Value::Unknown, ..nothing.clone() }, None, false),
        ];
        for (name, config, source, is_missing) in rows {
            assert_eq!(SecretSource::of(&config), source, "{name}");
            assert_eq!(SecretSource::is_missing(&config), is_missing, "{name}");
        }
    }

    #[test]
    fn a_source_gives_its_own_secret() {
        let planned = Model { client_secret: given("qX7-of-a-table-1"), ..Model::default() };
        let config = Model { client_secret_wo: given("qX7-of-a-table-2"), ..Model::default() };
        let rows = [
            (SecretSource::Stored, "client_secret", Some("qX7-of-a-table-1")),
            (SecretSource::WriteOnly, "client_secret_wo", Some("qX7-of-a-table-2")),
            (SecretSource::Minted, "client_secret", None),
            (SecretSource::None, "client_secret", None),
        ];
        for (source, argument, expected) in rows {
            assert_eq!(source.argument(), argument, "{source:?}");
            assert_eq!(source.given(&planned, &config).map(ClientSecret::expose), expected, "{source:?}");
        }
    }
}
