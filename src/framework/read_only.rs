//! Attributes that only the provider gives, and that a configuration gives all the same.
//!
//! Terraform leaves this check to the provider, and calls what follows from its absence a bug in it.

use tf_provider::schema::{AttributeConstraint, Schema};
use tf_provider::{AttributePath, Diagnostics};

use super::{Encoded, Report, problems};

/// Refuses each attribute of `config` that the schema says is computed. What is unknown is given too.
pub(super) fn refuse(schema: &Schema, config: &Encoded, diags: &mut Diagnostics) {
    let is_read_only = |name: &String| {
        let attribute = schema.block.attributes.get(name);
        attribute.is_some_and(|attribute| matches!(attribute.constraint, AttributeConstraint::Computed))
    };
    for name in config.given().into_iter().filter(is_read_only) {
        diags.fail(
            problems::read_only(),
            format!("{name} is not an argument: the provider gives its value. Leave it out of the configuration."),
            AttributePath::new(name),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tf_provider::schema::AttributeType;
    use tf_provider::value::{Value, ValueString};

    use super::*;
    use crate::framework::attribute::{computed, defaulted, schema};

    #[test]
    fn only_what_the_provider_gives_is_refused_also_when_it_is_unknown() {
        let attributes = [
            ("id", computed(AttributeType::String, "")),
            ("name", computed(AttributeType::String, "")),
            ("status", computed(AttributeType::String, "")),
            ("type", defaulted(AttributeType::String, "")),
        ];
        let config: BTreeMap<&str, ValueString> =
            [("type", "t".into()), ("status", Value::Unknown), ("name", Value::Null), ("id", "i".into())].into();
        let mut diags = Diagnostics::default();
        let config = Encoded::encode(&mut diags, &config).expect("encodes");
        refuse(&schema(0, "", attributes, []), &config, &mut diags);
        let on: Vec<_> = diags.errors.iter().map(|error| error.attribute.to_string()).collect();
        assert_eq!(on, ["id", "status"]);
    }
}
