//! Which of an org's integrations are meant: those of a type, or Druva's, whatever its type is.

use std::fmt;

use super::api_services::{DRUVA_NAME, DRUVA_TYPE, Instance};

/// Which integrations are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought<'a> {
    /// Those of this type.
    Type(&'a str),
    /// Druva's: the name of its listing is published, the type is not.
    Druva,
}

impl<'a> Sought<'a> {
    /// Those of the type, if one is named, else Druva's.
    pub fn by(kind: Option<&'a str>) -> Self {
        kind.map_or(Self::Druva, Self::Type)
    }

    /// Whether `instance` is one of them.
    pub fn is(&self, instance: &Instance) -> bool {
        match self {
            Self::Type(kind) => instance.kind == *kind,
            Self::Druva => {
                instance.kind == DRUVA_TYPE || instance.name.as_ref().is_some_and(|name| name.is(DRUVA_NAME))
            }
        }
    }
}

/// Continues "an integration".
impl fmt::Display for Sought<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(kind) => write!(f, "of the type {kind}"),
            Self::Druva => write!(f, "with the name \"{DRUVA_NAME}\" or the type {DRUVA_TYPE}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn druvas_is_known_by_its_name_or_the_guessed_type() {
        let instance = |kind: &str, name: Option<&str>| {
            serde_json::from_value::<Instance>(serde_json::json!({"id": "0oa1", "type": kind, "name": name})).unwrap()
        };
        let (real, guessed) = (instance("x-Y_1", Some(DRUVA_NAME)), instance(DRUVA_TYPE, None));
        let other = instance("x", Some("Druva Data Security Cloud 2"));
        let druvas = Sought::by(None);
        assert!(druvas.is(&real) && druvas.is(&guessed) && !druvas.is(&other));
        let of_type = Sought::by(Some("x-Y_1"));
        assert!(of_type.is(&real) && !of_type.is(&guessed) && !of_type.is(&other));
    }
}
