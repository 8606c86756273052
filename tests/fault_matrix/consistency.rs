//! What Terraform core checks in a provider's answers. Whatever is found here would read "Provider produced …".

use rmpv::Value;

use crate::schema::Schema;
use crate::value::{Object, is_unknown};

/// The attributes in which a plan is neither what is configured, nor what there was, nor the provider's to give.
pub fn invalid_plan(schema: &Schema, prior: Option<&Object>, config: &Object, planned: &Object) -> Vec<String> {
    let is_valid = |name: &str| {
        let (attribute, planned, configured) = (&schema.attributes[name], planned.get(name), &config[name]);
        let Some(planned) = planned else { return false };
        if attribute.write_only {
            return planned.is_nil();
        }
        let kept = prior.and_then(|prior| prior.get(name)).filter(|kept| !kept.is_nil() && !configured.is_nil());
        same(planned, configured) || kept == Some(planned) || (attribute.computed && configured.is_nil())
    };
    named("produced an invalid plan", schema, is_valid)
}

/// The attributes in which the second plan, at apply, breaks a promise of the first.
pub fn inconsistent_final_plan(schema: &Schema, first: &Object, second: &Object) -> Vec<String> {
    named("produced an inconsistent final plan", schema, |name| keeps(first.get(name), second.get(name)))
}

/// The attributes in which the result breaks a promise of the plan, or is still unknown.
pub fn inconsistent_result(schema: &Schema, planned: &Object, result: &Object) -> Vec<String> {
    let is_valid = |name: &str| keeps(planned.get(name), result.get(name)) && !result.get(name).is_some_and(is_unknown);
    named("produced an inconsistent result after apply", schema, is_valid)
}

/// Whether what was known is still the same.
fn keeps(promised: Option<&Value>, actual: Option<&Value>) -> bool {
    match (promised, actual) {
        (Some(promised), Some(actual)) => is_unknown(promised) || promised == actual,
        _ => false,
    }
}

/// An unknown value may say more or less of what it will be.
fn same(one: &Value, other: &Value) -> bool {
    one == other || matches!((one, other), (Value::Ext(..), Value::Ext(..)))
}

fn named(what: &str, schema: &Schema, is_valid: impl Fn(&str) -> bool) -> Vec<String> {
    let broken = schema.attributes.keys().filter(|name| !is_valid(name));
    broken.map(|name| format!("the provider {what}: {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Attribute;
    use crate::value::unknown;

    fn schema() -> Schema {
        let attributes = [
            ("id", Attribute { computed: true, ..Attribute::default() }),
            ("name", Attribute::default()),
            ("secret", Attribute { write_only: true, ..Attribute::default() }),
        ];
        Schema { version: 0, attributes: attributes.map(|(name, attribute)| (name.to_owned(), attribute)).into() }
    }

    fn object(id: Value, name: &str, secret: Value) -> Object {
        [("id", id), ("name", name.into()), ("secret", secret)].map(|(name, value)| (name.to_owned(), value)).into()
    }

    #[test]
    fn a_plan_may_give_what_is_computed_and_keep_what_there_was() {
        let config = object(Value::Nil, "new", "s".into());
        let prior = object("1".into(), "old", Value::Nil);
        let broken = |planned| invalid_plan(&schema(), Some(&prior), &config, &planned).len();
        assert_eq!(broken(object(unknown(), "new", Value::Nil)), 0);
        assert_eq!(broken(object("1".into(), "old", Value::Nil)), 0);
        assert_eq!(broken(object("1".into(), "third", Value::Nil)), 1);
        assert_eq!(broken(object("1".into(), "new", "s".into())), 1);
    }

    #[test]
    fn a_promise_is_kept_and_nothing_stays_unknown() {
        let planned = object(unknown(), "new", Value::Nil);
        let broken = |result| inconsistent_result(&schema(), &planned, &result).len();
        assert_eq!(broken(object("1".into(), "new", Value::Nil)), 0);
        assert_eq!(broken(object(unknown(), "new", Value::Nil)), 1);
        assert_eq!(broken(object("1".into(), "other", Value::Nil)), 1);
        assert_eq!(inconsistent_final_plan(&schema(), &planned, &object(unknown(), "other", Value::Nil)).len(), 1);
    }
}
