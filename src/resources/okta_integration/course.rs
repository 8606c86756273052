//! What becomes of an installation, by what the org has already.

use tf_provider::value::Value;

use super::model::Model;
use crate::okta::api_services::Instance;

/// What is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Course<'a> {
    /// It is installed: the org has none.
    Install,
    /// It is installed beside this one.
    InstallBeside(&'a Instance),
    /// This one is taken over.
    Adopt(&'a Instance),
    /// Nothing: these are there.
    Refuse(&'a [Instance]),
    /// It depends on `adopt_existing`, which is not known yet.
    UnknownAdoption,
    /// It depends on `allow_second_installation`, which is not known yet.
    UnknownSecond,
}

impl<'a> Course<'a> {
    /// What `plan` does where the org has these that are meant.
    pub fn of(existing: &'a [Instance], plan: &Model) -> Self {
        match (existing, plan.adopt_existing, plan.allow_second_installation) {
            ([], ..) => Self::Install,
            ([one], Value::Value(true), _) => Self::Adopt(one),
            (_, Value::Unknown, _) => Self::UnknownAdoption,
            ([one], _, Value::Value(true)) => Self::InstallBeside(one),
            (_, _, Value::Unknown) => Self::UnknownSecond,
            (several, ..) => Self::Refuse(several),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_and_two_arguments_decide() {
        const NO: Value<bool> = Value::Value(false);
        const YES: Value<bool> = Value::Value(true);
        const LATER: Value<bool> = Value::Unknown;
        let all: Vec<Instance> = ["0oa1", "0oa2"]
            .map(|id| serde_json::from_value(serde_json::json!({"id": id, "type": "t"})).unwrap())
            .into();
        for (name, there, adopt_existing, allow_second_installation, expected) in [
            ("an empty org", 0, NO, NO, "install"),
            ("an empty org, to adopt what is there", 0, YES, NO, "install"),
            ("an empty org, known later", 0, LATER, LATER, "install"),
            ("one", 1, NO, NO, "refuse 1"),
            ("one, and nothing said", 1, Value::Null, Value::Null, "refuse 1"),
            ("one to adopt", 1, YES, NO, "adopt 0oa1"),
            ("one to adopt, the rest known later", 1, YES, LATER, "adopt 0oa1"),
            ("one to adopt perhaps", 1, LATER, NO, "unknown adoption"),
            ("one to adopt perhaps, else beside it", 1, LATER, YES, "unknown adoption"),
            ("one, and another beside it", 1, NO, YES, "beside 0oa1"),
            ("one, and another beside it perhaps", 1, NO, LATER, "unknown second"),
            ("two", 2, NO, NO, "refuse 2"),
            ("two, to adopt which", 2, YES, NO, "refuse 2"),
            ("two, to adopt one perhaps", 2, LATER, NO, "unknown adoption"),
            ("two, and a third", 2, NO, YES, "refuse 2"),
            ("two, and a third perhaps", 2, NO, LATER, "unknown second"),
        ] {
            let plan = Model { adopt_existing, allow_second_installation, ..Model::default() };
            let course = match Course::of(&all[..there], &plan) {
                Course::Install => "install".to_owned(),
                Course::InstallBeside(one) => format!("beside {}", one.id),
                Course::Adopt(one) => format!("adopt {}", one.id),
                Course::Refuse(several) => format!("refuse {}", several.len()),
                Course::UnknownAdoption => "unknown adoption".to_owned(),
                Course::UnknownSecond => "unknown second".to_owned(),
            };
            assert_eq!(course, expected, "{name}");
        }
    }
}
