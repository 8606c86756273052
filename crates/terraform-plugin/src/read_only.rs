//! Attributes that only the provider gives, and that a configuration gives all the same.
//!
//! Terraform leaves this check to the provider, and calls what follows from its absence a bug in it.

use tf_provider::{AttributePath, Diagnostics};

use crate::codec::Encoded;
use crate::diagnostics::Report;
use crate::problems;
use crate::schema::{Attribute, GivenBy, Schema};

/// Refuses each attribute of `config` that the schema says is computed. What is unknown is given too.
pub(crate) fn refuse(schema: &Schema, config: &Encoded, diags: &mut Diagnostics) {
    let given = config.given();
    let is_refused = |attribute: &&Attribute| attribute.given_by == GivenBy::Provider && given.contains(attribute.name);
    for Attribute { name, .. } in schema.block.attributes.iter().filter(is_refused) {
        diags.fail(
            problems::read_only(),
            format!("{name} is not an argument: the provider gives its value. Leave it out of the configuration."),
            AttributePath::new(*name),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tf_provider::value::{Value, ValueString};

    use super::*;
    use crate::schema::string;

    #[test]
    fn only_what_the_provider_gives_is_refused_also_when_it_is_unknown() {
        let schema = Schema::new("")
            .attribute(string("id").computed().describe(""))
            .attribute(string("name").computed().describe(""))
            .attribute(string("status").computed().describe(""))
            .attribute(string("type").optional().computed().describe(""));
        let config: BTreeMap<&str, ValueString> =
            [("type", "t".into()), ("status", Value::Unknown), ("name", Value::Null), ("id", "i".into())].into();
        let mut diags = Diagnostics::default();
        let config = Encoded::encode(&mut diags, &config).expect("encodes");
        refuse(&schema, &config, &mut diags);
        let on: Vec<_> = diags.errors.iter().map(|error| error.attribute.to_string()).collect();
        assert_eq!(on, ["id", "status"]);
    }
}
