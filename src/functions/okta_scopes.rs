//! `okta_scopes(groups...)`: the names of the scopes that Druva documents, as `granted_scopes` takes them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use terraform_plugin::{Function, Report, Reported};
use tf_provider::schema::{Description, FunctionSchema, Parameter, Type};
use tf_provider::{AttributePath, Diagnostics};

use crate::data_sources::problems;
use crate::scopes::{self, DOCUMENTED, MAY_BE_INCOMPLETE};

/// The function.
pub struct OktaScopesFunction;

#[async_trait]
impl Function for OktaScopesFunction {
    type Input = Vec<String>;
    type Output = BTreeSet<&'static str>;

    fn signature(&self) -> FunctionSchema {
        let groups = scopes::groups().iter().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(", ");
        FunctionSchema {
            variadic: Some(Parameter {
                name: "groups".to_owned(),
                param_type: Type::String,
                description: Description::markdown(format!("Groups of scopes: {groups}.")),
                ..Parameter::default()
            }),
            return_type: Type::Set(Box::new(Type::String)),
            summary: "The Okta scopes that Druva documents".to_owned(),
            description: Description::markdown(format!(
                "Gives the names of the Okta scopes that Druva documents for its integration: those of the groups, or all \
                 of them without an argument. An empty list of groups is no argument: `okta_scopes([]...)` gives all. \
                 {MAY_BE_INCOMPLETE}"
            )),
            ..FunctionSchema::default()
        }
    }

    async fn call(&self, groups: Vec<String>, diags: &mut Diagnostics) -> Result<BTreeSet<&'static str>, Reported> {
        names(&groups, diags)
    }
}

/// The names of the scopes of these groups, or of all.
fn names(groups: &[String], diags: &mut Diagnostics) -> Result<BTreeSet<&'static str>, Reported> {
    for (index, group) in (0..).zip(groups) {
        scopes::expect_group(group)
            .map_err(|detail| diags.fail(problems::unknown_group(), detail, AttributePath::root().index(index)))?;
    }
    let is_meant = |group| groups.is_empty() || groups.iter().any(|wanted| wanted == group);
    Ok(DOCUMENTED.iter().filter(|scope| is_meant(scope.group)).map(|scope| scope.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scopes_of_the_groups_or_of_all() {
        let all = DOCUMENTED.len();
        let some = DOCUMENTED.iter().filter(|scope| scope.group == "users").count();
        let table: [(&str, &[&str], Option<usize>); 5] = [
            ("none named", &[], Some(all)),
            ("one", &["users"], Some(some)),
            ("one twice", &["users", "users"], Some(some)),
            ("one that nobody knows", &["users", "people"], None),
            ("an empty one", &[""], None),
        ];
        for (name, groups, expected) in table {
            let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
            let mut diags = Diagnostics::default();
            assert_eq!(names(&groups, &mut diags).ok().map(|names| names.len()), expected, "{name}");
            assert_eq!(diags.errors.len(), usize::from(expected.is_none()), "{name}");
        }
    }
}
