//! `druva_okta_scopes`: the scopes that Druva documents for its integration. Asks nobody.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use terraform_plugin::schema::{Schema, Type, objects, set, string};
use terraform_plugin::{DataSource, Report, Reported};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::{Set, problems, texts};
use crate::scopes::{self, Access, DOCUMENTED, MAY_BE_INCOMPLETE, Scope};

/// The data source.
pub struct OktaScopesDataSource;

/// The configuration, and what was selected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    access: Value<String>,
    groups: Value<BTreeSet<Value<String>>>,
    #[serde(skip_deserializing)]
    names: Set,
    #[serde(skip_deserializing)]
    scopes: Value<Vec<ScopeModel>>,
    #[serde(skip_deserializing)]
    note: Value<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ScopeModel {
    name: &'static str,
    group: &'static str,
    access: &'static str,
    reason: &'static str,
}

#[async_trait]
impl DataSource for OktaScopesDataSource {
    type Model = Model;

    fn schema(&self) -> Schema {
        let scope = [
            string("name").computed().describe("Okta's name of the scope."),
            string("group").computed().describe("The heading under which Druva documents it."),
            string("access").computed().describe("What it allows: `manage` or `read`."),
            string("reason").computed().describe("What Druva needs it for."),
        ];
        let groups = scopes::groups().iter().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(", ");
        Schema::new(
            "The Okta scopes that Druva documents for its integration, with the reason for each. The public list may \
             be incomplete. Nobody is asked: the list is a part of this version of the provider.",
        )
        .attribute(
            string("access").optional().describe(
                "Only scopes that allow this: `manage` (to create, read and update) or `read`. Default: both.",
            ),
        )
        .attribute(
            set("groups", Type::String)
                .optional()
                .describe(format!("Only scopes of these groups: {groups}. Default: all.")),
        )
        .attribute(
            set("names", Type::String).computed().describe("The names of the scopes, as `granted_scopes` takes them."),
        )
        .attribute(objects("scopes", scope).computed().describe("The scopes, in the order of Druva's documentation."))
        .attribute(string("note").computed().describe("A reminder that the public list may be incomplete."))
    }

    fn validate(&self, config: &Model, diags: &mut Diagnostics) {
        if let Value::Value(access) = &config.access
            && Access::ALL.iter().all(|known| known.name() != access)
        {
            let detail = format!("access is \"{access}\"; it must be \"manage\" or \"read\".");
            diags.fail(problems::unknown_access(), detail, AttributePath::new("access"));
        }
        let groups = config.groups.as_ref_option();
        if groups.is_some_and(|groups| groups.is_empty() || groups.contains(&Value::Null)) {
            diags.fail_as_listed(problems::no_groups(), AttributePath::new("groups"));
        }
        for group in known(&config.groups) {
            if let Err(detail) = scopes::expect_group(group) {
                diags.fail(problems::unknown_group(), detail, AttributePath::new("groups"));
            }
        }
    }

    async fn read(&self, config: Model, _: &mut Diagnostics) -> Result<Model, Reported> {
        let groups: Vec<_> = known(&config.groups).collect();
        let is_meant = |scope: &&Scope| {
            config.access.as_deref_option().is_none_or(|access| access == scope.access().name())
                && (config.groups.is_null() || groups.contains(&scope.group))
        };
        let selected: Vec<_> = DOCUMENTED.iter().filter(is_meant).collect();
        let scopes = selected.iter().map(|scope| ScopeModel {
            name: scope.name,
            group: scope.group,
            access: scope.access().name(),
            reason: scope.reason,
        });
        Ok(Model {
            names: texts(selected.iter().map(|scope| scope.name)),
            scopes: Value::Value(scopes.collect()),
            note: Value::Value(MAY_BE_INCOMPLETE.to_owned()),
            ..config
        })
    }
}

/// The groups that are known.
fn known(groups: &Value<BTreeSet<Value<String>>>) -> impl Iterator<Item = &str> {
    groups.as_ref_option().into_iter().flatten().filter_map(|group| group.as_deref_option())
}
