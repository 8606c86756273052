//! `druva_okta_scopes`: the scopes that Druva documents for its integration. Asks nobody.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{AttributeType, Schema};
use tf_provider::value::{Value, ValueEmpty};
use tf_provider::{AttributePath, DataSource, Diagnostics};

use super::{Set, problems, set_of_strings, texts};
use crate::framework::Report;
use crate::framework::attribute::{computed, named, optional, schema};
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
    type State<'a> = Model;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        let string = || AttributeType::String;
        let scope = named([
            ("name", computed(string(), "Okta's name of the scope.")),
            ("group", computed(string(), "The heading under which Druva documents it.")),
            ("access", computed(string(), "What it allows: `manage` or `read`.")),
            ("reason", computed(string(), "What Druva needs it for.")),
        ]);
        let groups = scopes::groups().iter().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(", ");
        let attributes = [
            (
                "access",
                optional(
                    string(),
                    "Only scopes that allow this: `manage` (to create, read and update) or `read`. Default: both.",
                ),
            ),
            ("groups", optional(set_of_strings(), &format!("Only scopes of these groups: {groups}. Default: all."))),
            ("names", computed(set_of_strings(), "The names of the scopes, as `granted_scopes` takes them.")),
            (
                "scopes",
                computed(AttributeType::AttributeList(scope), "The scopes, in the order of Druva's documentation."),
            ),
            ("note", computed(string(), "A reminder that the public list may be incomplete.")),
        ];
        Some(schema(
            0,
            "The Okta scopes that Druva documents for its integration, with the reason for each. The public list may be \
             incomplete. Nobody is asked: the list is a part of this version of the provider.",
            attributes,
            [],
        ))
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: Model) -> Option<()> {
        if let Value::Value(access) = &config.access
            && Access::ALL.iter().all(|known| known.name() != access)
        {
            let detail = format!("access is \"{access}\"; it must be \"manage\" or \"read\".");
            diags.fail(problems::unknown_access(), detail, AttributePath::new("access"));
        }
        let groups = config.groups.as_ref_option();
        if groups.is_some_and(|groups| groups.is_empty() || groups.contains(&Value::Null)) {
            diags.fail(
                problems::no_groups(),
                "groups is empty or holds a null. Leave it out for all groups.",
                AttributePath::new("groups"),
            );
        }
        for group in known(&config.groups) {
            if let Err(detail) = scopes::expect_group(group) {
                diags.fail(problems::unknown_group(), detail, AttributePath::new("groups"));
            }
        }
        diags.check().ok()
    }

    async fn read<'a>(&self, _: &mut Diagnostics, config: Model, _: ValueEmpty) -> Option<Model> {
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
        Some(Model {
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
